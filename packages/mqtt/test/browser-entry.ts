import { mqttTransport } from "../src/index.js"

/** Run in something like a browser: one message to oneself over WebSocket, by the browser build of MQTT.js. */
export function roundTrip(url: string): Promise<string> {
  let handOver: (arrived: object) => void = () => undefined
  const message = new Promise<object>((resolve) => {
    handOver = resolve
  })
  return new Promise((resolve) => {
    const link = mqttTransport().open(
      {
        url,
        protocol: "5",
        clientId: "browser",
        session: { kind: "clean" },
        keepAliveSeconds: 30,
        credentials: { username: "ada", password: new TextEncoder().encode("pé") },
        will: () => ({ topic: "b/will", payload: new TextEncoder().encode("gone"), qos: 1, retain: false }),
        reconnect: { enabled: false, spreadMs: 0, baseMs: 0, capMs: 0, stableMs: 0 },
        clock: {
          now: () => Date.now(),
          monotonic: () => performance.now(),
          after(ms, run) {
            const timer = setTimeout(run, ms)
            return () => clearTimeout(timer)
          },
        },
        random: { next: () => 0.5, bytes: (length) => new Uint8Array(length) },
      },
      {
        async onConnected() {
          await link.subscribe([{ filter: "b/#", qos: 2 }])
          const properties = { contentType: "text/plain", userProperties: [["a", "b"]] as const }
          const payload = new TextEncoder().encode("héllo ".repeat(2000))
          const { reasonCode } = await link.publish({ topic: "b/é", payload, qos: 2, retain: false, properties })
          const arrived = await message
          await link.close()
          resolve(JSON.stringify({ reasonCode, ...arrived }))
        },
        onDisconnected(reason) {
          if (reason.kind !== "closed") resolve(JSON.stringify(reason))
        },
        onMessage(message) {
          const { topic, qos, properties } = message
          handOver({ topic, qos, properties, text: new TextDecoder().decode(message.payload) })
          message.acknowledge()
        },
      },
    )
  })
}
