import type { AddressInfo } from "node:net"
import { createServer } from "node:net"
import { provideMosquitto, startMosquitto } from "@fleetwire/broker-lab"

/** The broker of one demonstration, on a free port of the loopback interface. */
export interface DemoBroker {
  /** Such as `Mosquitto 2.0.11`. */
  readonly name: string
  readonly url: string
  readonly protocol: "3.1.1" | "5"
  /** What is seen on it counts as proof; on a broker that is lax with the protocol it is only shown. */
  readonly proves: boolean
  /** Why it is this one. */
  readonly because: string
  close(): Promise<void>
}

/** Starts Mosquitto where this machine has one, installed or in the project's cache; otherwise aedes in this process. */
export async function startDemoBroker(wanted: "any" | "aedes" = "any"): Promise<DemoBroker> {
  if (wanted === "aedes") return startAedes("it was asked for")
  const install = await provideMosquitto({ ways: ["system", "cache"], download: false }).catch(() => undefined)
  if (install === undefined) return startAedes("there is no Mosquitto on this machine (npm test fetches one)")
  const broker = await startMosquitto({ install, settings: { max_queued_messages: 0 } })
  return {
    name: `Mosquitto ${install.version}`,
    url: broker.url,
    protocol: "5",
    proves: true,
    because: install.kind === "system" ? "it is installed" : "it is in the project's cache",
    close: () => broker.stop(),
  }
}

async function startAedes(because: string): Promise<DemoBroker> {
  const { Aedes } = await import("aedes")
  const broker = await Aedes.createBroker()
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    broker.handle(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  return {
    name: "aedes (embedded)",
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    protocol: "3.1.1",
    proves: false,
    because,
    close: () =>
      new Promise((resolve) => {
        server.close()
        broker.close(() => resolve())
      }),
  }
}
