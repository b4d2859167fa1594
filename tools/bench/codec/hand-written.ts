/* Checks as a careful person writes them: what to beat. Each is true for a valid value, and nothing else. */

const isObject = (v: unknown): v is { readonly [key: string]: unknown } =>
  typeof v === "object" && v !== null && !Array.isArray(v)
const isInt = (v: unknown, min: number, max: number): boolean =>
  Number.isInteger(v) && (v as number) >= min && (v as number) <= max
const isNumber = (v: unknown, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): boolean =>
  typeof v === "number" && v >= min && v <= max
const isText = (v: unknown, min: number, max: number): boolean => {
  if (typeof v !== "string" || v.length < min) return false
  return v.length <= max || [...v].length <= max
}

/** Hand-written checks by message. */
export const handWritten: { readonly [message: string]: (v: unknown) => boolean } = {
  Telemetry: (v) =>
    isObject(v) &&
    isText(v.device_id, 0, 16) &&
    isInt(v.timestamp, 0, 4294967295) &&
    isInt(v.battery, 0, 100) &&
    isObject(v.sensors) &&
    isInt(v.sensors.distance_front, 0, 65535) &&
    isInt(v.sensors.distance_rear, 0, 65535) &&
    isNumber(v.sensors.temperature) &&
    isObject(v.sensors.gps) &&
    isNumber(v.sensors.gps.latitude, -90, 90) &&
    isNumber(v.sensors.gps.longitude, -180, 180) &&
    isNumber(v.sensors.gps.altitude) &&
    isObject(v.status) &&
    (v.status.motors === "idle" || v.status.motors === "running") &&
    isInt(v.status.wifi_rssi, -128, 127) &&
    isInt(v.status.uptime, 0, 4294967295),
  Command: (v) =>
    isObject(v) &&
    isText(v.id, 1, 40) &&
    isInt(v.timestamp, 0, 4294967295) &&
    (v.action === "forward" ||
      v.action === "backward" ||
      v.action === "left" ||
      v.action === "right" ||
      v.action === "stop") &&
    (v.parameters === undefined ||
      (isObject(v.parameters) &&
        (v.parameters.duration === undefined || isInt(v.parameters.duration, 0, 4294967295)) &&
        (v.parameters.speed === undefined || isInt(v.parameters.speed, 0, 100)))) &&
    (v.priority === undefined || v.priority === "normal" || v.priority === "high"),
  Batch: (v) =>
    isObject(v) &&
    isText(v.device_id, 0, 16) &&
    Array.isArray(v.readings) &&
    v.readings.length <= 100 &&
    v.readings.every(isReading),
  Note: (v) =>
    isObject(v) &&
    isText(v.author, 0, 64) &&
    isText(v.title, 0, 200) &&
    isText(v.body, 0, 2000) &&
    Array.isArray(v.tags) &&
    v.tags.length <= 16 &&
    v.tags.every((tag) => isText(tag, 0, 32)),
}

function isReading(v: unknown): boolean {
  return (
    isObject(v) &&
    isInt(v.sequence, 0, 4294967295) &&
    isInt(v.timestamp, 0, 4294967295) &&
    isText(v.sensor, 0, 40) &&
    isText(v.note, 0, 400) &&
    isNumber(v.temperature) &&
    isNumber(v.humidity, 0, 100) &&
    Array.isArray(v.samples) &&
    v.samples.length <= 40 &&
    v.samples.every((sample) => isInt(sample, 0, 65535)) &&
    typeof v.valid === "boolean" &&
    (v.state === "ok" || v.state === "warning" || v.state === "failed")
  )
}
