import { mqttTransport } from "@fleetwire/mqtt"
import { systemClock, systemRandom } from "@fleetwire/runtime"
import type { DemoBroker } from "./broker.js"

/** Publishes bytes past every SDK, as a stranger with another client would. QoS 1. */
export async function publishRaw(broker: DemoBroker, topic: string, payload: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const link = mqttTransport().open(
      {
        url: broker.url,
        protocol: broker.protocol,
        clientId: `by-hand-${process.pid}`,
        session: { kind: "clean" },
        keepAliveSeconds: 10,
        reconnect: { enabled: false, spreadMs: 0, baseMs: 0, capMs: 0, stableMs: 0 },
        clock: systemClock,
        random: systemRandom,
      },
      {
        onConnected() {
          link
            .publish({ topic, payload: new TextEncoder().encode(payload), qos: 1, retain: false })
            .then(() => link.close())
            .then(resolve, reject)
        },
        onDisconnected(reason) {
          if (reason.kind !== "closed") reject(new Error(reason.message))
        },
        onMessage: (message) => message.acknowledge(),
      },
    )
  })
}
