import type { ContractIr, FieldIr, IntIr, MessageIr, TypeIr } from "@fleetwire/ir"

/** An integer without a sign. */
export function uint(bits: 8 | 16 | 32, max = 2 ** bits - 1): IntIr {
  return { kind: "int", bits, signed: false, min: 0, max }
}

/** An integer with a sign. */
export function sint(bits: 8 | 16 | 32, min = -(2 ** (bits - 1)), max = 2 ** (bits - 1) - 1): IntIr {
  return { kind: "int", bits, signed: true, min, max }
}

/** Numbers fields in order, starting at 1. */
export function fields(types: { readonly [name: string]: TypeIr }, optional: readonly string[] = []): FieldIr[] {
  return Object.entries(types).map(([name, type], index) => ({
    name,
    number: index + 1,
    required: !optional.includes(name),
    type,
  }))
}

const float = { kind: "float", bits: 64 } as const
const text = (maxLength: number) => ({ kind: "string", maxLength }) as const
const values = (name: string, ...names: string[]): TypeIr => ({
  kind: "enum",
  name,
  open: false,
  values: names.map((value, index) => ({ name: value, number: index + 1 })),
})

const short: { readonly [name: string]: string } = { timestamp: "ts", battery: "bat" }

const telemetry: MessageIr = {
  name: "Telemetry",
  type: {
    kind: "object",
    name: "Telemetry",
    fields: fields({
      device_id: text(16),
      timestamp: uint(32),
      battery: uint(8, 100),
      sensors: {
        kind: "object",
        name: "TelemetrySensors",
        fields: fields({
          distance_front: uint(16),
          distance_rear: uint(16),
          temperature: float,
          gps: {
            kind: "object",
            name: "TelemetryGps",
            fields: fields({
              latitude: { ...float, min: -90, max: 90 },
              longitude: { ...float, min: -180, max: 180 },
              altitude: float,
            }),
          },
        }),
      },
      status: {
        kind: "object",
        name: "TelemetryStatus",
        fields: fields({ motors: values("Motors", "idle", "running"), wifi_rssi: sint(8, -128, 0), uptime: uint(32) }),
      },
    }).map((field) => ({ ...field, ...(short[field.name] !== undefined && { short: short[field.name]! }) })),
  },
}

const command: MessageIr = {
  name: "Command",
  type: {
    kind: "object",
    name: "Command",
    fields: fields(
      {
        id: text(40),
        timestamp: uint(32),
        action: values("Action", "forward", "backward", "left", "right", "stop"),
        parameters: {
          kind: "object",
          name: "CommandParameters",
          fields: [
            { name: "duration", number: 1, required: false, type: uint(32, 60000) },
            { name: "speed", number: 2, required: false, type: uint(8, 100), default: 80 },
          ],
        },
        priority: values("Priority", "normal", "high"),
      },
      ["parameters", "priority"],
    ),
  },
}

const response: MessageIr = {
  name: "Response",
  type: {
    kind: "object",
    name: "Response",
    fields: fields(
      {
        command_id: text(40),
        timestamp: uint(32),
        status: values("Outcome", "success", "error"),
        message: text(128),
        execution_time_ms: uint(32),
      },
      ["message", "execution_time_ms"],
    ),
  },
}

const status: MessageIr = {
  name: "Status",
  type: {
    kind: "object",
    name: "Status",
    fields: fields({ device_id: text(16), status: values("Presence", "online", "offline"), timestamp: uint(32) }, [
      "device_id",
      "timestamp",
    ]),
  },
}

const config: MessageIr = {
  name: "Config",
  type: {
    kind: "object",
    name: "Config",
    fields: fields(
      {
        version: uint(32),
        telemetry_interval_ms: { kind: "int", bits: 32, signed: false, min: 100, max: 60000 },
        max_speed: uint(8, 100),
        reporting: values("Reporting", "json", "compact", "protobuf"),
        geofence: {
          kind: "object",
          name: "Geofence",
          fields: fields({
            latitude: { ...float, min: -90, max: 90 },
            longitude: { ...float, min: -180, max: 180 },
            radius_m: { ...float, min: 0 },
          }),
        },
      },
      ["telemetry_interval_ms", "max_speed", "reporting", "geofence"],
    ),
  },
}

/** A contract of messages only. */
export function contractOf(messages: readonly MessageIr[], name = "fixture"): ContractIr {
  return {
    ir: 1,
    name,
    version: "2.0.0",
    params: [],
    device: { param: "id", session: { kind: "clean" }, reconnectSpreadSeconds: 1, keepAliveSeconds: 30 },
    messages: [...messages].sort((a, b) => (a.name < b.name ? -1 : 1)),
    channels: [],
    roles: [],
  }
}

/** The messages of the second generation of the IoT car. */
export const carContract: ContractIr = contractOf([telemetry, command, response, status, config], "car")
