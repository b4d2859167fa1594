import { type ContractIr, type FieldIr, resolveType } from "@fleetwire/ir"
import type { ChannelDraft } from "./channel-draft.js"
import { article } from "./channel-words.js"
import type { CheckScope } from "./check-scope.js"
import { checkDeadLetter } from "./dead-letter.js"
import { type DiagnosticEntry, diagnosticCodes } from "./diagnostic-codes.js"

/** What channels of each kind need: QoS, session, expiry, inheritance of config. */
export function checkChannels(scope: CheckScope): void {
  const presences = scope.drafts.filter(({ kind }) => kind === "presence")
  for (const { place } of presences.slice(1)) {
    scope.report.add("contract/presence-many", place, { other: presences[0]!.name })
  }
  for (const draft of scope.drafts) {
    checkQos(draft, scope)
    checkExpiry(draft, scope)
    checkDurable(draft, scope)
    if (draft.kind === "config") checkConfig(draft, scope)
    checkDeadLetter(draft, scope)
  }
}

/** Once every check has run: an acceptance that nothing needed hides the next mistake. */
export function checkAcceptances({ drafts, report }: CheckScope): void {
  const codes: Readonly<Record<string, DiagnosticEntry>> = diagnosticCodes
  const known = Object.keys(codes).filter((code) => codes[code]!.acceptable === true)
  for (const { accept, place } of drafts) {
    for (const accepted of accept.unused()) {
      if (known.includes(accepted)) report.add("contract/accept-unused", place, { accepted })
      else
        report.add("contract/accept-unknown", place, { accepted, known: known.map((code) => `\`${code}\``).join(", ") })
    }
  }
}

const WHY_NOT_2: Readonly<Partial<Record<ChannelDraft["kind"], string>>> = {
  telemetry: "the next measurement replaces it",
  state: "the same state twice is the same state",
  presence: "the same presence twice is the same presence",
  command: "the id already makes it run once",
  broadcast: "the id already makes it run once",
  config: "the version already makes it apply once",
}

function checkQos({ kind, legs, accept }: ChannelDraft, { report }: CheckScope): void {
  for (const { qos, place } of legs) {
    const why = WHY_NOT_2[kind]
    if (qos === 2 && why !== undefined) report.add("contract/qos-2", place, { kind: article(kind), why }, accept)
    if (qos !== 0) continue
    if (kind === "event") {
      const advice = "use `qos: 1`, or make it telemetry if losing one does no harm"
      report.add("contract/qos", place, { kind: article(kind), qos, needed: "at least 1", advice })
    }
    if (kind === "config") {
      report.add("contract/qos", place, { kind: article(kind), qos, needed: "at least 1", advice: "use `qos: 1`" })
    }
  }
}

function checkExpiry({ kind, legs }: ChannelDraft, { report }: CheckScope): void {
  if (kind !== "presence" && kind !== "config") return
  const late = legs.find(({ expiryMs }) => expiryMs !== undefined)
  if (late !== undefined) report.add("contract/expiry-on-retained", late.place, { kind: article(kind) })
}

function checkDurable(draft: ChannelDraft, { ir, report }: CheckScope): void {
  const serves = draft.from === "device" ? "controller" : "device"
  for (const { name, from, outbox, place } of draft.legs) {
    if (!outbox.durable) continue
    const what = `the outbox of \`${draft.name}.${name}\``
    if (from === "device" && ir.device.session.kind === "clean") {
      report.add("contract/durable-clean", place, { what, who: "the device" })
    }
    if (from === "controller") {
      for (const role of ir.roles) {
        if (role.session.kind === "clean" && role.publish.includes(`${draft.name}.${name}`)) {
          report.add("contract/durable-clean", place, { what, who: `role \`${role.name}\`` })
        }
      }
    }
  }
  const command = "command" in draft.rest ? draft.rest.command : undefined
  if (command?.journal === "required" && serves === "device" && ir.device.session.kind === "clean") {
    report.add("contract/durable-clean", draft.place, { what: "the journal", who: "the device" })
  }
}

function checkConfig({ legs, accept, rest }: ChannelDraft, { ir, report, messagePlace }: CheckScope): void {
  if (!legs.some(({ name }) => name === "fleet")) return
  const { message } = legs[0]!
  const type = ir.messages.find(({ name }) => name === message)?.type
  if (type?.kind !== "object") return
  const versionField = "versionField" in rest ? rest.versionField : "version"
  for (const field of type.fields) {
    if (field.name === versionField) continue
    const place = { ...messagePlace(message), path: `${message}.${field.name}` }
    for (const path of defaultsWithin(field, "", ir)) {
      report.add("contract/config-default", { ...place, path: `${message}.${path}` }, { field: path }, accept)
    }
    if (field.default !== undefined) continue
    if (field.required && field.auto === undefined) {
      report.add("contract/config-required", place, { field: field.name }, accept)
    }
  }
}

/** Fields with a default, this one and those of objects within: filled in by the reader, they would hide the fleet's value. */
function defaultsWithin(field: FieldIr, before: string, ir: ContractIr): readonly string[] {
  const path = `${before}${field.name}`
  const type = resolveType(ir, field.type)
  const inner = type.kind === "object" ? type.fields.flatMap((one) => defaultsWithin(one, `${path}.`, ir)) : []
  return [...(field.default === undefined ? [] : [path]), ...inner]
}
