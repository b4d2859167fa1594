import type { Socket } from "node:net"
import type { CommandDescriptor, RoleDescriptor } from "@fleetwire/runtime/codegen-v1"
import { drive as declared } from "../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { Command } from "../../../packages/sdks/iot-car/typescript/src/messages/command.js"
import type { Response } from "../../../packages/sdks/iot-car/typescript/src/messages/response.js"

/** The car's command with room for every call of a measurement: ids may not be forgotten within it. */
export function driveOf(kind: string): CommandDescriptor<Command, Response> {
  return {
    ...declared,
    command: {
      ...declared.command,
      remember: { count: 200_000, bytes: 200_000_000, retentionMs: 90_000 },
      journal: kind === "journal" || kind === "fsync" ? "required" : "none",
    },
  }
}

/** Who calls. */
export const role: RoleDescriptor = {
  name: "app",
  session: { kind: "clean" },
  reconnectSpreadSeconds: 1,
  keepAliveSeconds: 60,
  publish: ["drive.request"],
  read: ["drive.reply", "status.message"],
}

/** Each kind is a car of its own. */
export const CARS: Readonly<Record<string, string>> = { sdk: "car-001", journal: "car-002", fsync: "car-003" }
/** Topics of bare MQTT.js, as long as the cars'. */
export const TOPICS = { request: "iot-car/car-000/command", reply: "iot-car/car-000/response" } as const

/** Nagle's algorithm would cost bare MQTT.js forty milliseconds a hop: the comparison is without. */
export function withoutDelay(client: { readonly stream: unknown }): void {
  ;(client.stream as Socket).setNoDelay(true)
}
