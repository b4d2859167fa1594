import { action, command, defineContract, event, message, presence, state, t, telemetry } from "@fleetwire/contract"

const shipped = "These are the topics of the stations in the field."
const plural = { "style/topic-plural": shipped }
const scalar = (name: string, unit: string, min: number, max: number) =>
  message(name, t.float64({ min, max, decimals: 2, unit }))
const latest = { formats: ["text"], every: "5 s", accept: plural } as const

const Now = t.dateTime({ auto: "now", doc: "When the station measured it." })
const Data = message(
  "Data",
  {
    timestamp: Now,
    temperature: t.float64({ min: 20, max: 30, unit: "°C", decimals: 2 }),
    humidity: t.float64({ min: 40, max: 70, unit: "%", decimals: 2 }),
    pressure: t.float64({ min: 1000, max: 1020, unit: "hPa", decimals: 2 }),
  },
  { doc: "One reading of all three instruments, within what the station is calibrated for." },
)
const Motion = message("Motion", { timestamp: Now, detected: t.bool() }, { doc: "Whether something moves." })
const DoorOpened = message("DoorOpened", { timestamp: Now }, { doc: "A door was opened." })
const Alert = message(
  "Alert",
  {
    type: t.enum(["high_temp"], { open: true }),
    value: t.float64({ unit: "°C", decimals: 2, doc: "What was measured." }),
  },
  { doc: "A measurement beyond its limit." },
)
const Question = message("Question", {
  request_id: t.string({ minLength: 1, maxLength: 64, pattern: "[A-Za-z0-9_-]+" }),
  data: t.string({ maxLength: 200 }),
})
const Answer = message("Answer", {
  status: t.enum(["ok", "failed"]),
  data: t.optional(t.string({ maxLength: 200 })),
})

/** Stations that measure, warn and ask, mostly in plain text. */
export default defineContract({
  name: "sensor-station",
  version: "1.0.0",
  doc: "Stations with a few instruments, their loggers, monitors and dashboards.",
  params: {
    deviceId: t.param({ doc: "Names one station.", pattern: "[a-z0-9-]+", maxLength: 32, examples: ["station-1"] }),
    sensorId: t.param({ doc: "Names one door contact.", pattern: "[a-z0-9-]+", maxLength: 32, examples: ["door-1"] }),
    request_id: t.param({ doc: "Id of the request that is answered.", pattern: "[A-Za-z0-9_-]+", maxLength: 64 }),
  },
  device: "deviceId",
  channels: {
    temperature: state("sensors/{deviceId}/temperature", scalar("Temperature", "°C", -40, 85), latest),
    humidity: state("sensors/{deviceId}/humidity", scalar("Humidity", "%", 0, 100), latest),
    pressure: state("sensors/{deviceId}/pressure", scalar("Pressure", "hPa", 300, 1100), latest),
    light: state("sensors/{deviceId}/light", message("Light", t.uint32({ max: 100_000, unit: "lx" })), latest),
    data: telemetry("sensors/{deviceId}/data", Data, { qos: 1, every: "5 s", accept: plural }),
    motion: event("sensors/{deviceId}/motion", Motion, { accept: plural }),
    doorOpened: event("events/{sensorId}/opened", DoorOpened, {
      doc: "A door contact has an id of its own; the station that it is wired to speaks for it.",
      accept: { ...plural, "contract/topic-no-device": "a door is known by its contact, whatever station reads it" },
    }),
    status: presence("devices/{deviceId}/status", message("Status", t.enum(["online", "offline"])), {
      formats: ["text"],
      accept: plural,
    }),
    alert: event("sensors/{deviceId}/alert", Alert, {
      doc: "The station's own alarm: above 35 °C.",
      accept: plural,
    }),
    highTemp: state("alerts/{deviceId}/high_temp", Alert, {
      doc: "The alert monitor's: above 27 °C, cleared when it is below again.",
      qos: 2,
      from: "monitor",
      accept: {
        ...plural,
        "style/topic-case": shipped,
        "contract/qos-2": "The alert monitor has always published so.",
      },
    }),
    ask: command("request", {
      doc: "A station asks the backend. The answer's topic names the request, as it must at MQTT 3.1.1.",
      request: Question,
      reply: "response/{request_id}",
      response: Answer,
      from: "device",
      correlate: ["request_id", { param: "request_id" }],
      outcome: { field: "status", success: "ok", failure: "failed", detail: "data" },
      timeout: "5 s",
      accept: { "style/topic-depth": shipped, "contract/topic-no-device": "the id tells whose answer it is" },
    }),
    reboot: action("commands/{deviceId}/reboot", message("Reboot", t.const("now")), {
      formats: ["text"],
      idempotent: true,
      accept: plural,
    }),
    config: action(
      "commands/{deviceId}/config",
      message("Interval", { interval: t.uint32({ min: 1, max: 86_400, unit: "s" }) }),
      {
        doc: "Time between readings.",
        idempotent: true,
        accept: plural,
      },
    ),
  },
  roles: {
    logger: {
      doc: "Writes down every reading.",
      read: ["temperature", "humidity", "pressure", "light", "data", "motion", "doorOpened"],
      session: "persistent",
    },
    monitor: { doc: "Warns of heat.", read: ["temperature", "data", "alert"], publish: ["highTemp"] },
    fleetMonitor: { doc: "Knows who is there.", read: ["status"] },
    dashboard: {
      doc: "Shows the latest of everything and the alerts that are active.",
      read: [
        "temperature",
        "humidity",
        "pressure",
        "light",
        "data",
        "motion",
        "doorOpened",
        "status",
        "alert",
        "highTemp",
      ],
    },
    backend: {
      doc: "Answers stations, restarts and configures them.",
      read: ["ask.request"],
      publish: ["ask.reply", "reboot", "config"],
      session: "persistent",
    },
  },
})
