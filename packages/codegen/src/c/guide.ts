import type { Format, LegIr } from "@fleetwire/ir"
import { planEngine } from "./engine/plan.js"
import type { CModel } from "./model.js"
import { legsOf } from "./topics.js"

/** What a firmware developer reads first: the text of the comment that begins the contract's header. */
export function guideOf(model: CModel): string {
  const { ir, names } = model
  const legs = legsOf(ir)
  const rows = (from: LegIr["from"]): readonly string[] =>
    legs
      .filter(({ leg }) => leg.from === from)
      .map(({ leg, channel }) => {
        const every = channel.everyMs === undefined ? "" : `, every ${channel.everyMs / 1000} s`
        return `    ${leg.topic}\n      ${leg.message}, QoS ${leg.qos}${leg.retain ? ", retained" : ""}, ${formatsIn(leg)}, at most ${leg.maxBytes} octets${every}`
      })
  const sent = legs.filter(({ leg }) => leg.from === "device" && leg.sends !== "bytes")
  const first = sent.find(({ channel }) => channel.kind === "telemetry") ?? sent[0]
  const message = model.messages.find((one) => one.message.name === first?.leg.message)
  const example =
    first === undefined || message === undefined
      ? []
      : [
          "To send:",
          "",
          `    ${names.prefix}_${message.object.name}_t value; fill it, with the has_ members of what is optional`,
          `    fw_writer_t out = fw_writer(${names.upper}_${first.name}_FORMAT, buffer, sizeof buffer);`,
          `    if (${names.prefix}_${message.object.name}_encode(&out, &value) != FW_OK) it is not sent: out.status, out.field`,
          `    ${names.prefix}_topic(${names.upper}_LEG_${first.name}, NULL, &params, topic, sizeof topic);`,
          "    publish(topic, buffer, fw_written(&out), QoS and retain as above);",
          "",
        ]
  return [
    `${ir.name} ${ir.version}`,
    ...(ir.doc === undefined ? [] : ["", ir.doc]),
    "",
    "The device sends:",
    "",
    ...rows("device"),
    "",
    "The device receives:",
    "",
    ...rows("controller"),
    "",
    ...example,
    "To receive: drop what is longer than its leg's _MAX, find the leg with _route, and read with the message's _decode. The payload",
    "must be writable and stay where it is as long as the value is used: texts of the value point into it.",
    "",
    "When something is wrong, no function writes behind a buffer and none keeps a value half checked:",
    "",
    "    while sending, FW_RANGE, FW_LENGTH, FW_ENUM, FW_ENCODING or FW_PATTERN: a member breaks the contract; correct it",
    "    FW_SPACE: give a larger buffer; the _MAX_ macros say how large",
    "    while receiving, anything but FW_OK: do not use the value; acknowledge, count, and for a command run the safe action",
    "    in.field and the message's _path function name the field for a log or for the reply",
    "",
    ...(typeof planEngine(model) === "string"
      ? []
      : [
          `Above the messages stands a whole device, in ${names.prefix}_device.h: it connects, answers each command once, stops in safety and`,
          "keeps configurations. Who uses it writes the functions that are declared there, and needs none of the above for them.",
          "",
        ]),
    "Numbers with a name in _e6 are integers in millionths, in _e2 in hundredths, and so on. No function needs a heap, recurs, calls",
    "through a pointer or keeps anything between two calls; each may be called from several threads with data of their own.",
  ].join("\n")
}

/** The formats of a leg, the one that is sent first. */
export function formatsIn(leg: LegIr): string {
  const others = leg.accepts.filter((format: Format) => format !== leg.sends)
  return others.length === 0 ? leg.sends : `${leg.sends} (also ${others.join(", ")})`
}
