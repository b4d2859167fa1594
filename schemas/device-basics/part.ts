import { event, message, presence, t } from "@fleetwire/contract"

/** Where a product puts the part, and what it calls its devices. */
export interface DeviceBasics<Root extends string> {
  /** Topic of one device, such as `iot-car/{carId}`. */
  readonly root: Root
  /** How the product calls a device in its documentation. Default `device`. */
  readonly device?: string
  /** Code points of the longest identity. Default 16. */
  readonly idLength?: number
}

/**
 * What every device has, whatever it does: presence with a last will, a log and diagnostics. Spread the channels into
 * those of a contract; a contract that wants only some takes those by name.
 */
export function deviceBasics<const Root extends string>(options: DeviceBasics<Root>) {
  const { root, device = "device", idLength = 16 } = options
  const id = t.string({ maxLength: idLength, auto: "identity", doc: `Same as the ${device}'s id in the topic.` })
  const timestamp = t.unixSeconds({ auto: "now", doc: "When the sender wrote it." })
  const wifiRssi = t.int8({ min: -120, max: 0, unit: "dBm", doc: `Signal strength as the ${device} hears it.` })

  const Status = message(
    "Status",
    {
      device_id: id,
      status: t.enum(["online", "offline"]),
      timestamp: t.field(timestamp, {
        doc: "When the sender wrote it; a will is written before the birth it belongs to.",
      }),
    },
    { doc: `Whether a ${device} is there: its birth, its goodbye and its last will.` },
  )
  const Log = message(
    "Log",
    {
      device_id: id,
      timestamp,
      level: t.enum(["debug", "info", "warning", "error"]),
      message: t.string({ maxLength: 200 }),
    },
    { doc: `A line of a ${device}'s log.` },
  )
  const Diagnostics = message(
    "Diagnostics",
    {
      device_id: id,
      timestamp,
      firmware: t.string({ maxLength: 32, examples: ["2.0.1"] }),
      uptime: t.uint32({ unit: "s" }),
      free_heap: t.uint32({ unit: "B" }),
      wifi_rssi: wifiRssi,
      reset_reason: t.enum(["power", "software", "watchdog", "brownout", "unknown"]),
    },
    { doc: `How a ${device} is doing, for those who maintain it.` },
  )
  return {
    status: presence(`${root}/status`, Status, { online: { status: "online" }, offline: { status: "offline" } }),
    log: event(`${root}/log`, Log),
    diagnostics: event(`${root}/diagnostics`, Diagnostics),
  }
}
