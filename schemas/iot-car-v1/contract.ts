import { broadcast, command, defineContract, message, presence, state, t, telemetry } from "@fleetwire/contract"

const shipped = "These are the topics of the cars in the field."
const unnamed = { "contract/topic-no-device": "the firmware that shipped names no car; the payload does" }
const Percent = t.uint8({ max: 100, unit: "%" })
const DeviceId = t.optional(t.string({ maxLength: 16, auto: "identity" }))
const Boot = t.optional(
  t.bootMilliseconds({ auto: "now", doc: "Milliseconds since the car started, in the will, too." }),
)
const Distance = t.optional(t.float64({ min: 0, max: 400, unit: "cm", decimals: 1 }))
const Temperature = t.float64({ min: -55, max: 125, unit: "°C", decimals: 2 })
const WifiRssi = t.optional(t.int8({ min: -120, max: 0, unit: "dBm" }))
const Action = t.enum(["forward", "backward", "left", "right", "stop"])
const CommandId = t.string({
  minLength: 1,
  maxLength: 40,
  default: "unknown",
  doc: "A command without one is called `unknown`, and run whenever it comes.",
})

const Telemetry = message(
  "Telemetry",
  {
    device_id: DeviceId,
    timestamp: Boot,
    battery: t.optional(Percent),
    distance_front: Distance,
    temperature: t.optional(Temperature),
    current_action: t.optional(t.field(Action, { doc: "What the motors do." })),
    wifi_rssi: WifiRssi,
    distance: t.field(Distance, { doc: "What some cars call `distance_front`." }),
    temp: t.optional(t.field(Temperature, { doc: "What some cars call `temperature`." })),
  },
  {
    doc: "What a car measures, flat, once a second. Some cars say no more than a distance and a temperature.",
    examples: [{ distance: 45, temp: 28 }],
  },
)

const Status = message(
  "Status",
  { device_id: DeviceId, status: t.enum(["online", "offline"]), timestamp: Boot },
  { doc: "Whether a car is there. Some say only the status.", examples: [{ status: "offline" }] },
)

const Command = message(
  "Command",
  {
    id: CommandId,
    timestamp: Boot,
    action: t.field(Action, { default: "stop", doc: "Missing means stop." }),
    speed: t.optional(t.field(Percent, { doc: "Phones leave it out, and the car drives at 80 %." })),
  },
  { doc: "What a car is asked to do." },
)

const Response = message(
  "Response",
  {
    command_id: t.string({ minLength: 1, maxLength: 40, auto: "id" }),
    timestamp: Boot,
    status: t.enum(["success", "error"]),
    message: t.optional(t.string({ maxLength: 120 })),
  },
  { doc: "What became of a command." },
)

const Log = message("Log", {
  device_id: DeviceId,
  timestamp: Boot,
  level: t.enum(["debug", "info", "warning", "error"]),
  message: t.string({ maxLength: 200 }),
})

const Diagnostics = message("Diagnostics", {
  device_id: DeviceId,
  timestamp: Boot,
  free_heap: t.optional(t.uint32({ unit: "B" })),
  wifi_rssi: WifiRssi,
})

const reading = { qos: 0, formats: ["text"], versions: "any", accept: { "style/topic-plural": shipped } } as const
const position = { ...reading, accept: { ...reading.accept, "style/topic-equal-depth": shipped } } as const

/** The IoT car fleet, first generation: flat messages, as the firmware that shipped speaks them. */
export default defineContract({
  name: "iot-car",
  version: "1.0.0",
  doc: "Cars of the first generation, with all their quirks. They stand in one fleet with those of the second.",
  params: {
    carId: t.param({
      doc: "Names one car.",
      pattern: "car-[0-9]{3,6}",
      maxLength: 10,
      reserved: ["admin", "fleet"],
      examples: ["car-001"],
    }),
  },
  device: { param: "carId", session: "clean" },
  channels: {
    telemetry: telemetry("iot-car/{carId}/telemetry", Telemetry, { every: "1 s", versions: { lacks: "sensors" } }),
    // The client of the firmware publishes at QoS 0 and nothing else.
    status: presence("iot-car/{carId}/status", Status, { qos: 0, versions: "any" }),
    drive: command("iot-car/{carId}/command", {
      request: Command,
      versions: "any",
      reply: { topic: "iot-car/{carId}/response", qos: 0, versions: { lacks: "execution_time_ms" } },
      response: Response,
      correlate: ["id", "command_id"],
      outcome: { field: "status", success: ["success"], failure: "error", detail: "message" },
      timeout: "5 s",
      concurrency: 1,
      preempt: { action: "stop" },
      onInvalid: { action: "stop" },
      accept: {
        "safety/no-link-lost": "A car of this generation drives on until its motor stops it, as it always did.",
      },
    }),
    broadcast: broadcast("iot-car/fleet/broadcast", Command, { as: "drive", replies: "each", versions: "any" }),
    latitude: state(
      "iot-car/{carId}/sensors/gps/latitude",
      message("LatitudeReading", t.float64({ min: -90, max: 90, unit: "°", decimals: 6 })),
      position,
    ),
    longitude: state(
      "iot-car/{carId}/sensors/gps/longitude",
      message("LongitudeReading", t.float64({ min: -180, max: 180, unit: "°", decimals: 6 })),
      position,
    ),
    battery: state("iot-car/{carId}/sensors/battery", message("BatteryReading", Percent), reading),
    temperature: state("iot-car/{carId}/sensors/temperature", message("TemperatureReading", Temperature), reading),
    log: telemetry("iot-car/admin/logs", Log, { accept: { ...unnamed, "style/topic-plural": shipped } }),
    diagnostics: telemetry("iot-car/admin/diagnostics", Diagnostics, { accept: unnamed }),
  },
  roles: {
    app: {
      doc: "A person's phone: drives the cars that the person owns.",
      publish: ["drive"],
      read: ["telemetry", "status", "drive"],
      bind: ["carId"],
    },
    backend: {
      doc: "Stores everything and commands.",
      publish: ["drive", "broadcast"],
      read: "*",
      session: { expiry: "1 d" },
    },
    admin: { doc: "Maintains the cars.", read: ["log", "diagnostics", "status"] },
  },
})
