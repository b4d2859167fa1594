import type { ChannelIr, ContractIr, DeviceIr, ParamIr } from "@fleetwire/ir"
import { IR_VERSION } from "@fleetwire/ir"
import type { ChannelDraft } from "./channel-draft.js"
import { checkAcceptances, checkChannels } from "./check-channels.js"
import { checkCost } from "./check-cost.js"
import { checkNames } from "./check-names.js"
import { checkPayloads } from "./check-payloads.js"
import { checkPortability } from "./check-portability.js"
import { checkProbe } from "./check-probe.js"
import { checkRoles } from "./check-roles.js"
import { checkSafety } from "./check-safety.js"
import type { CheckScope } from "./check-scope.js"
import { checkStyle } from "./check-style.js"
import { checkTopics } from "./check-topics.js"
import { type Contract, contractOrigin, type DeviceOptions, isContract } from "./contract.js"
import { defined } from "./defined.js"
import { readParts } from "./definition-parts.js"
import { type Diagnostic, type Place, Report } from "./diagnostic.js"
import { createLock, type Lock } from "./lock.js"
import { draftChannel } from "./lower-channel.js"
import { CONNECTION_OPTIONS, lowerConnection } from "./lower-connection.js"
import { settleLeg } from "./lower-leg.js"
import { Messages } from "./lower-messages.js"
import { lowerParam } from "./lower-param.js"
import { lowerRole } from "./lower-roles.js"
import { assignNumbers } from "./numbering.js"
import { OptionReader, show } from "./options.js"
import { Templates } from "./templates.js"
import { checkVersionRules } from "./version-rule.js"

/** What `lowerContract` found. Where a diagnostic is an error there is no intermediate form and no lock. */
export interface Lowered {
  readonly ir?: ContractIr
  /** The lock to write: the given one, unchanged, where nothing changed. */
  readonly lock?: Lock
  readonly diagnostics: readonly Diagnostic[]
}

/** What a team asks for. */
export interface LowerOptions {
  /** Codes of rules that are off by themselves, and are wanted. */
  readonly rules?: readonly string[]
}

/** Compiles a contract to its intermediate form, with the numbers that `locked` has for it. Pure: the same in, the same out. */
export function lowerContract(contract: unknown, locked?: Lock, { rules = [] }: LowerOptions = {}): Lowered {
  const report = new Report(rules)
  if (!isContract(contract)) {
    report.add("contract/not-a-contract", { path: "" })
    return { diagnostics: report.finish() }
  }
  const draft = lowerWhole(contract, locked, report)
  const diagnostics = report.finish()
  return report.failed ? { diagnostics } : { ir: draft, lock: createLock(draft, locked), diagnostics }
}

function lowerWhole(contract: Contract, locked: Lock | undefined, report: Report): ContractIr {
  const place: Place = { path: "", at: contractOrigin(contract) }
  const options = new OptionReader(contract, place, report)
  options.only(["name", "version", "doc", "params", "device", "channels", "roles"])
  const name = options.text("name") ?? ""
  const version = options.text("version") ?? ""
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) report.add("contract/name", place, { name })
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version))
    report.add("contract/version", place, { version })
  if (locked !== undefined && locked.ir.name !== name) {
    report.add("lock/other-contract", place, { locked: locked.ir.name, name })
  }

  const parts = readParts(contract, place, report)
  const params = parts.params.map(([key, param]) => lowerParam(key, param, report))
  const device = lowerDevice(contract.device, params, place, report)
  const messages = new Messages(report)
  const declared = params.some(({ name: param }) => param === device.param)
  const templates = new Templates(params, report, declared ? undefined : device.param)
  const { channels } = parts
  if (channels.length === 0) report.add("contract/no-channels", place)
  const scope = {
    messages,
    channels: Object.fromEntries(channels),
    roles: parts.roles.map(([role]) => role),
    template: (topic: string, at: Place) => templates.parse(topic, at),
  }
  const drafts = channels.map(([key, channel]) => draftChannel(key, channel, scope))
  const paramNames = params.map((param) => param.name)
  const roles = parts.roles.map(([role, written]) =>
    lowerRole(role, written, { path: `roles.${role}`, at: place.at }, { report, channels: drafts, params: paramNames }),
  )
  const settled = messages.finish()
  const numbered = assignNumbers(settled, locked?.ir, report, (message) => messages.place(message))
  const skeleton: ContractIr = {
    ir: IR_VERSION,
    name,
    version,
    ...defined({ doc: options.text("doc") }),
    params,
    device,
    messages: numbered,
    channels: [],
    roles,
  }
  // A message that contains itself has no size.
  const measured = messages.recursive ? { ...skeleton, messages: [] } : skeleton
  const settle = (draft: ChannelDraft) => settleChannel(draft, measured, report)
  const lowered: ContractIr = { ...skeleton, channels: drafts.map(settle) }
  const checks: CheckScope = {
    ir: lowered,
    drafts,
    templates,
    report,
    recursive: messages.recursive,
    place,
    paramPlace: (param) => ({
      path: `params.${param}`,
      at: parts.params.find(([key]) => key === param)?.[1].at ?? place.at,
    }),
    messagePlace: (message) => messages.place(message),
  }
  for (const check of [
    checkNames,
    checkTopics,
    checkStyle,
    checkPayloads,
    checkChannels,
    checkCost,
    checkPortability,
    checkSafety,
    checkVersionRules,
    checkRoles,
    checkProbe,
    checkAcceptances,
  ]) {
    check(checks)
  }
  return lowered
}

function settleChannel(draft: ChannelDraft, ir: ContractIr, report: Report): ChannelIr {
  return { ...draft.rest, legs: draft.legs.map((leg) => settleLeg(leg, ir, report, draft.accept)) } as ChannelIr
}

function lowerDevice(
  written: string | DeviceOptions,
  params: readonly ParamIr[],
  place: Place,
  report: Report,
): DeviceIr {
  const here = { ...place, path: "device" }
  const options = new OptionReader(
    typeof written === "object" && written !== null ? written : { param: written },
    here,
    report,
  )
  options.only(["param", ...CONNECTION_OPTIONS])
  const param = options.text("param") ?? ""
  if (!params.some(({ name }) => name === param)) {
    const known = params.map(({ name }) => `\`${name}\``).join(", ") || "none"
    report.add("contract/device-param", here, { param: param === "" ? show(written) : param, known })
  }
  return { param, ...lowerConnection(options, true, here, report) }
}
