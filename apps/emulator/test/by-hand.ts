import type { Mosquitto } from "@fleetwire/broker-lab"
import { expect } from "vitest"
import { type Program, startProgram } from "./car-process.js"

/** Mosquitto's own clients, in the hands of a test. What it starts ends with `end`. */
export interface ByHand {
  /** Lines of `QoS retain topic payload`, retained messages with their flag. */
  listen(filter: string): Promise<Program>
  publish(topic: string, payload: string, options?: readonly string[]): Promise<void>
  /** Any program; it ends with the rest. */
  run(file: string, args: readonly string[]): Program
  end(): Promise<void>
}

/** Speaks MQTT to the broker without any SDK. */
export function byHand(broker: Mosquitto): ByHand {
  const { install, port } = broker
  const reach = ["-h", "127.0.0.1", "-p", String(port)]
  const programs = new Set<Program>()
  const run = (file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Program => {
    const program = startProgram(file, args, env)
    programs.add(program)
    return program
  }
  return {
    run,
    async listen(filter) {
      if (install.subscriber === undefined) throw new Error("this Mosquitto came without mosquitto_sub")
      const heard = broker.log.length
      const how = ["-V", "5", "-q", "2", "--retain-as-published", "-F", "%q %r %t %p", "-t", filter]
      const program = run(install.subscriber, [...reach, ...how], { ...install.env })
      await until(() => broker.log.slice(heard).some((line) => /Sending SUBACK/.test(line)))
      return program
    },
    async publish(topic, payload, options = ["-q", "1"]) {
      if (install.publisher === undefined) throw new Error("this Mosquitto came without mosquitto_pub")
      const args = [...reach, ...options, "-t", topic, "-m", payload]
      expect(await run(install.publisher, args, { ...install.env }).exited).toBe(0)
    },
    async end() {
      for (const { child } of programs) child.kill("SIGKILL")
      await Promise.all([...programs].map(({ exited }) => exited))
      programs.clear()
    },
  }
}

/** Looks again and again until it holds. */
export async function until(holds: () => boolean, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not happen in ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The next delivery of a stream that fits. */
export async function first<D>(stream: AsyncIterable<D>, fits: (delivery: D) => boolean = () => true): Promise<D> {
  for await (const delivery of stream) if (fits(delivery)) return delivery
  throw new Error("the stream ended")
}
