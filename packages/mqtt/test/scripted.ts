import { type ScriptedBroker, startScriptedBroker, uniqueName } from "@fleetwire/broker-lab"
import type { LinkOptions } from "@fleetwire/runtime"
import { onTestFinished } from "vitest"
import type { MqttTransportOptions } from "../src/mqtt-transport.js"
import { openLink, type Recorded } from "./open-link.js"

/** A scripted broker and a link that connects to it; both end with the test. */
export async function scripted(
  options: Partial<LinkOptions> = {},
  hold = false,
  transport: MqttTransportOptions = {},
): Promise<{ readonly broker: ScriptedBroker; readonly peer: Recorded }> {
  const broker = await startScriptedBroker()
  const peer = openLink({ url: broker.url, clientId: uniqueName(), ...options }, hold, transport)
  onTestFinished(async () => {
    await peer.link.close({ deadlineMs: 50 })
    await broker.close()
  })
  return { broker, peer }
}
