import { action, command, defineContract, event, message, presence, state, t, telemetry } from "../../src/index.js"

const shipped = "The topics of the stations in the field."
const plural = { "style/topic-plural": shipped }
const reading = { qos: 1, formats: ["text"], accept: plural } as const
const scalar = (name: string, unit: string, min: number, max: number) =>
  message(name, t.float64({ min, max, decimals: 2, unit }))

const Data = message("Data", {
  timestamp: t.dateTime({ auto: "now" }),
  temperature: t.float64({ min: 20, max: 30, unit: "°C" }),
  humidity: t.float64({ min: 40, max: 70, unit: "%" }),
  pressure: t.float64({ min: 1000, max: 1020, unit: "hPa" }),
})
const Alert = message("Alert", { type: t.enum(["high_temp"], { open: true }), value: t.float64({ unit: "°C" }) })
const Question = message("Question", { request_id: t.string({ maxLength: 64 }), data: t.string({ maxLength: 200 }) })
const Answer = message("Answer", { status: t.enum(["ok", "failed"]), data: t.optional(t.string({ maxLength: 200 })) })

/** Section 2 of the reference systems: plain text, alerts, request and response by a parameter of the reply topic. */
export const sensorStation = defineContract({
  name: "sensor-station",
  version: "1.0.0",
  params: {
    deviceId: t.param({ maxLength: 32, examples: ["station-1"] }),
    request_id: t.param({ maxLength: 64 }),
  },
  device: "deviceId",
  channels: {
    temperature: telemetry("sensors/{deviceId}/temperature", scalar("Temperature", "°C", -40, 85), reading),
    humidity: telemetry("sensors/{deviceId}/humidity", scalar("Humidity", "%", 0, 100), reading),
    pressure: telemetry("sensors/{deviceId}/pressure", scalar("Pressure", "hPa", 300, 1100), reading),
    data: telemetry("sensors/{deviceId}/data", Data, { qos: 1, every: "5 s", accept: plural }),
    status: presence("devices/{deviceId}/status", message("Status", t.enum(["online", "offline"])), {
      formats: ["text"],
      accept: plural,
    }),
    alert: event("sensors/{deviceId}/alert", Alert, {
      accept: plural,
    }),
    highTemp: state("alerts/{deviceId}/high_temp", Alert, {
      qos: 2,
      from: "monitor",
      accept: {
        ...plural,
        "style/topic-case": shipped,
        "contract/qos-2": "the alert monitor has always published so",
      },
    }),
    ask: command("request", {
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
    interval: action("commands/{deviceId}/config", message("Interval", { interval: t.uint32({ min: 1, unit: "s" }) }), {
      idempotent: true,
      accept: plural,
    }),
  },
  roles: {
    logger: { read: ["temperature", "humidity", "pressure", "data"], session: "persistent" },
    monitor: { read: ["data", "alert"], publish: ["highTemp"] },
    dashboard: { read: "*" },
    backend: { read: ["ask.request"], publish: ["ask.reply", "reboot", "interval"] },
  },
})
