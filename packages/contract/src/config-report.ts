import type { IntIr, MessageIr } from "@fleetwire/ir"
import type { Place } from "./diagnostic.js"
import type { Messages } from "./lower-messages.js"

const UINT32: IntIr = { kind: "int", bits: 32, signed: false, min: 0, max: 4_294_967_295 }

/** Type of the field that holds a config's version; reported when there is none. */
export function versionType(message: string, field: string, place: Place, messages: Messages): IntIr {
  const type = messages.find(message)?.type
  const found = type?.kind === "object" ? type.fields.find(({ name }) => name === field) : undefined
  if (found?.required === true && found.type.kind === "int") return { ...found.type, min: 0 }
  messages.report.add("contract/config-version", place, { message, field })
  return UINT32
}

/** The message that a device reports a config with (F-1). */
export function configReport(message: string, version: IntIr): MessageIr {
  const field = { number: 0, required: false }
  return {
    name: `${message}Report`,
    doc: `What became of a desired ${message}.`,
    type: {
      kind: "object",
      name: `${message}Report`,
      fields: [
        {
          ...field,
          name: "version",
          required: true,
          type: version,
          doc: "Version of the device's own desired config; 0 where there is none.",
        },
        { ...field, name: "fleet_version", type: version, doc: "Version of the fleet's desired config." },
        {
          ...field,
          name: "outcome",
          required: true,
          type: {
            kind: "enum",
            name: `${message}Outcome`,
            open: false,
            values: ["applied", "rejected", "reboot_required"].map((name) => ({ name, number: 0 })),
          },
        },
        { ...field, name: "reason", type: { kind: "string", maxLength: 200 }, doc: "Why it was rejected." },
      ],
    },
  }
}
