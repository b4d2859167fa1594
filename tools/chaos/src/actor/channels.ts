import type {
  BroadcastDescriptor,
  CommandDescriptor,
  CommandSemantics,
  ConfigDescriptor,
  LegDescriptor,
  PresenceDescriptor,
  RoleDescriptor,
  StreamDescriptor,
} from "@fleetwire/runtime/codegen-v1"
// The descriptors are not of an SDK's public face: a run declares what the contract leaves at its default.
import * as car from "../../../../packages/sdks/iot-car/typescript/src/contract.js"
import type { BatteryReading } from "../../../../packages/sdks/iot-car/typescript/src/messages/battery-reading.js"
import type { Command } from "../../../../packages/sdks/iot-car/typescript/src/messages/command.js"
import type { Config } from "../../../../packages/sdks/iot-car/typescript/src/messages/config.js"
import type { ConfigReport } from "../../../../packages/sdks/iot-car/typescript/src/messages/config-report.js"
import type { Log } from "../../../../packages/sdks/iot-car/typescript/src/messages/log.js"
import type { Response } from "../../../../packages/sdks/iot-car/typescript/src/messages/response.js"
import type { Status } from "../../../../packages/sdks/iot-car/typescript/src/messages/status.js"
import type { Telemetry } from "../../../../packages/sdks/iot-car/typescript/src/messages/telemetry.js"
import type { Semantics } from "../plan/plan.js"

export type { Command, Config, ConfigReport, Log, Response, Status, Telemetry }

/** The channels of the car fleet with the semantics of one run. */
export interface Channels {
  readonly contract: typeof car.contract
  readonly roles: { readonly backend: RoleDescriptor; readonly app: RoleDescriptor }
  readonly event: StreamDescriptor<Log>
  readonly telemetry: StreamDescriptor<Telemetry>
  readonly state: StreamDescriptor<BatteryReading>
  readonly presence: PresenceDescriptor<Status>
  readonly drive: CommandDescriptor<Command, Response>
  readonly broadcast: BroadcastDescriptor<Command, Response>
  readonly config: ConfigDescriptor<Config, ConfigReport>
  readonly reported: LegDescriptor<ConfigReport>
}

/** What a broken contract would say, for the tests of the checker. */
export type SemanticsChange = Partial<CommandSemantics>

export function channelsOf(semantics: Semantics, change: SemanticsChange = {}): Channels {
  const { journal, concurrency, queueBound, executionTimeoutMs } = semantics
  const command = (given: CommandSemantics): CommandSemantics => ({
    ...given,
    journal,
    concurrency,
    queueBound,
    executionTimeoutMs,
    onLinkLost: { action: { action: "stop" }, afterMs: 400 },
    ...change,
  })
  const { log, battery } = car
  return {
    contract: car.contract,
    roles: { backend: car.backendRole, app: car.appRole },
    event: {
      ...log,
      message: {
        ...log.message,
        qos: semantics.eventQos,
        outbox: { ...log.message.outbox, durable: semantics.durableOutbox },
      },
    },
    telemetry: car.telemetry,
    state: { ...battery, message: { ...battery.message, qos: 1 } },
    presence: car.status,
    // A call that waits for an offline car ends with its request's expiry, and a run with its calls.
    drive: { ...car.drive, request: { ...car.drive.request, expiryMs: 10_000 }, command: command(car.drive.command) },
    broadcast: { ...car.broadcast, command: command(car.broadcast.command) },
    config: car.config,
    reported: car.config.reported,
  }
}
