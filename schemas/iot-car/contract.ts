import { broadcast, command, config, defineContract, message, presence, state, t, telemetry } from "@fleetwire/contract"
import { deviceBasics } from "@fleetwire/schema-device-basics"

const DeviceId = t.string({ maxLength: 16, auto: "identity", doc: "Same as the car's id in the topic." })
const Timestamp = t.unixSeconds({ auto: "now", doc: "When the sender wrote it." })
const Percent = t.uint8({ max: 100, unit: "%" })
const Distance = t.uint16({ max: 400, unit: "cm" })
const Latitude = t.float64({ min: -90, max: 90, unit: "°", decimals: 6 })
const Longitude = t.float64({ min: -180, max: 180, unit: "°", decimals: 6 })
const Temperature = t.float64({ min: -55, max: 125, unit: "°C", decimals: 2 })
const WifiRssi = t.int8({ min: -120, max: 0, unit: "dBm", doc: "Signal strength as the car hears it." })
const CommandId = t.string({ minLength: 1, maxLength: 40, examples: ["cmd-1706169600-abc123"] })

const Telemetry = message(
  "Telemetry",
  {
    device_id: t.field(DeviceId, { short: "id" }),
    timestamp: t.field(Timestamp, { short: "ts" }),
    battery: t.field(Percent, { short: "bat", doc: "State of charge." }),
    sensors: t.object(
      {
        distance_front: t.field(Distance, { short: "dist", doc: "To the nearest obstacle ahead." }),
        distance_rear: t.field(Distance, { short: "rear", doc: "To the nearest obstacle behind." }),
        temperature: t.field(Temperature, { short: "temp", doc: "Of the motor driver." }),
        gps: t.object(
          {
            latitude: t.field(Latitude, { short: "lat", examples: [52.52] }),
            longitude: t.field(Longitude, { short: "lon", examples: [13.405] }),
            altitude: t.float32({ min: -500, max: 9000, unit: "m", decimals: 1, short: "alt" }),
          },
          { short: "gps" },
        ),
      },
      { short: "s" },
    ),
    status: t.object(
      {
        motors: t.enum(["idle", "running"], { short: "mot" }),
        wifi_rssi: t.field(WifiRssi, { short: "rssi" }),
        uptime: t.uint32({ unit: "s", short: "up", doc: "Since the last start." }),
      },
      { short: "st" },
    ),
  },
  { doc: "Everything a car measures, once a second." },
)

const Command = message(
  "Command",
  {
    id: t.field(CommandId, { auto: "id", doc: "Chosen by the sender; the same id is executed once." }),
    timestamp: Timestamp,
    action: t.enum(["forward", "backward", "left", "right", "stop"]),
    parameters: t.optional(
      t.object({
        duration: t.optional(
          t.uint32({ max: 600_000, unit: "ms", doc: "How long to drive; absent: until the next command." }),
        ),
        speed: t.uint8({ max: 100, unit: "%", default: 80 }),
      }),
    ),
    priority: t.enum(["normal", "high"], { default: "normal" }),
  },
  { doc: "What a car is asked to do." },
)

const Response = message(
  "Response",
  {
    command_id: t.field(CommandId, { auto: "id", doc: "The id of the command." }),
    timestamp: Timestamp,
    status: t.enum(["success", "error"]),
    message: t.string({ maxLength: 120, doc: "For humans; a failure begins with its code in brackets." }),
    execution_time_ms: t.uint32({ unit: "ms", auto: "elapsed" }),
  },
  { doc: "What became of a command." },
)

const Config = message(
  "Config",
  {
    version: t.uint32({ doc: "Only rises." }),
    telemetry_interval_ms: t.optional(t.uint32({ min: 100, max: 60_000, unit: "ms" })),
    max_speed: t.optional(Percent),
    reporting: t.optional(t.enum(["json", "compact", "protobuf"], { doc: "Format of the telemetry." })),
    geofence: t.optional(
      t.object({
        latitude: Latitude,
        longitude: Longitude,
        radius_m: t.uint32({ min: 1, max: 1_000_000, unit: "m" }),
      }),
    ),
  },
  { doc: "Settings of one car or of the fleet. A field that is absent is inherited: car, then fleet, then firmware." },
)

const shipped = "These are the topics of the cars in the field."
const reading = { qos: 0, formats: ["text"], versions: "any", accept: { "style/topic-plural": shipped } } as const
const position = { ...reading, accept: { ...reading.accept, "style/topic-equal-depth": shipped } } as const

const basics = deviceBasics({ root: "iot-car/{carId}", device: "car" })

/** The IoT car fleet, second generation: nested messages, per-car logs. */
export default defineContract({
  name: "iot-car",
  version: "2.0.0",
  doc: "A fleet of small cars that are driven from phones and watched from a dashboard.",
  params: {
    carId: t.param({
      doc: "Names one car.",
      pattern: "car-[0-9]{3,6}",
      maxLength: 10,
      reserved: ["admin", "fleet"],
      examples: ["car-001"],
    }),
  },
  device: { param: "carId", session: { expiry: "1 h" }, reconnectSpread: "30 s", keepAlive: "30 s" },
  channels: {
    telemetry: telemetry("iot-car/{carId}/telemetry", Telemetry, {
      every: "1 s",
      formats: ["json", "compact", "protobuf"],
      versions: { has: "sensors" },
    }),
    // Cars of the first generation are present to readers of this one, too; their shortest goodbye is not for them.
    status: presence(basics.status.topic, basics.status.message, {
      ...basics.status.options,
      versions: { has: "device_id" },
    }),
    drive: command("iot-car/{carId}/command", {
      request: Command,
      // A phone of the first generation says `speed` at the top, where this one would not see it: refused, not misread.
      versions: { lacks: "speed" },
      reply: { topic: "iot-car/{carId}/response", versions: { has: "execution_time_ms" } },
      response: Response,
      correlate: ["id", "command_id"],
      outcome: { field: "status", success: ["success"], failure: "error", detail: "message" },
      timeout: "5 s",
      // The longest drive that can be asked for takes ten minutes; a caller that waits for its end says so in the call.
      executionTimeout: "11 min",
      expiry: "30 s",
      concurrency: 1,
      queueBound: 4,
      remember: { count: 1024, bytes: "256 KiB" },
      preempt: { action: "stop" },
      onInvalid: { action: "stop" },
      onLinkLost: { action: "stop", after: "2 s" },
    }),
    config: config("iot-car/{carId}/config", Config, { fleet: "iot-car/fleet/config" }),
    broadcast: broadcast("iot-car/fleet/broadcast", Command, {
      as: "drive",
      replies: "each",
      versions: { lacks: "speed" },
    }),
    latitude: state("iot-car/{carId}/sensors/gps/latitude", message("LatitudeReading", Latitude), position),
    longitude: state("iot-car/{carId}/sensors/gps/longitude", message("LongitudeReading", Longitude), position),
    battery: state("iot-car/{carId}/sensors/battery", message("BatteryReading", Percent), reading),
    temperature: state("iot-car/{carId}/sensors/temperature", message("TemperatureReading", Temperature), reading),
    log: basics.log,
    diagnostics: basics.diagnostics,
  },
  roles: {
    app: {
      doc: "A person's phone: drives the cars that the person owns.",
      publish: ["drive"],
      read: ["telemetry", "status", "drive"],
      bind: ["carId"],
    },
    dashboard: { doc: "Watches, changes nothing.", read: ["telemetry", "status"] },
    backend: {
      doc: "Stores everything, configures and commands.",
      publish: ["drive", "config", "broadcast"],
      read: "*",
      session: { expiry: "1 d" },
    },
    admin: { doc: "Maintains the cars.", read: ["log", "diagnostics", "status"] },
  },
})
