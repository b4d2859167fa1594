import {
  type ChannelIr,
  type ContractIr,
  checkContractIr,
  compilePattern,
  type DeviceIr,
  findMessage,
  IR_VERSION,
  type JsonValue,
  matchDfa,
  type ParamIr,
  type RoleIr,
  referencedMessages,
  topicParamNames,
} from "@fleetwire/ir"
import { kebabCase, wordsOf } from "../../core/name-policy.js"
import { EXTENSION } from "../extension.js"
import { type ImportFinding, ImportReport } from "./finding.js"
import { isRecord, Node } from "./node.js"
import { ChannelReader, channelsOf, type LegUse, type Perspective } from "./read-channels.js"
import { MessageReader } from "./read-messages.js"
import { readParams, recordOf } from "./read-params.js"

export interface ImportOptions {
  /** Parsed documents by address; others than the first are read where references lead to them. */
  readonly documents: ReadonlyMap<string, unknown>
  /** Address of the document to import. */
  readonly address: string
  /** Who the document speaks for, where it does not say so itself. Default `controller`. */
  readonly perspective?: Perspective
  /** Parameter that identifies a device. Default: the one that most topics have. */
  readonly device?: string
}

export interface Imported {
  /** Absent where nothing could be imported. */
  readonly ir?: ContractIr
  /** Whether the numbers of fields and enums are those of the contract that the document was made from. */
  readonly numbered: boolean
  readonly findings: readonly ImportFinding[]
  /** Addresses of documents that references lead to and that were not given. */
  readonly missing: readonly string[]
}

/** Reads an AsyncAPI 3 document as a contract. Pure: nothing is fetched; what is missing is named. */
export function importAsyncApi(options: ImportOptions): Imported {
  const report = new ImportReport()
  const missing = new Set<string>()
  const root = Node.root(options.address, { documents: options.documents, report, missing })
  const problem = problemOf(root)
  const finish = (ir?: ContractIr, numbered = false): Imported => ({
    ...(ir !== undefined && { ir }),
    numbered,
    findings: report.findings,
    missing: [...missing].sort(),
  })
  if (root === undefined || problem !== undefined) {
    report.add(
      "asyncapi/not-a-document",
      { document: options.address, path: "" },
      { problem: problem ?? "it is empty" },
    )
    return finish()
  }
  const info = root.get("info")
  const facts = recordOf(isRecord(info?.value) ? info.value[EXTENSION] : undefined)
  const ours = facts.perspective !== undefined
  const perspective = (facts.perspective as Perspective | undefined) ?? options.perspective ?? "controller"
  const declared = new Map(ours ? (root.get("components")?.get("schemas")?.entries() ?? []) : [])
  const messages = new MessageReader(root, report, declared)
  reportServers(root, ours, report)
  const uses = new ChannelReader(root, messages, report, perspective).uses()
  if (uses.length === 0) {
    report.add("asyncapi/nothing-left", root.target)
    return finish()
  }
  const all = uses.flatMap((use) => [use, ...(use.reply === undefined ? [] : [use.reply])])
  const places = all.flatMap((use) =>
    topicParamNames(use.topic).map((name) => ({ name, node: use.node.get("parameters")?.at(name) })),
  )
  const read = readParams(places, (facts.params ?? []) as unknown as readonly ParamIr[], report)
  const params = withDevice(
    ours
      ? read
      : apart(
          read,
          all.map(({ topic }) => topic),
        ),
    all,
    facts,
    options,
    report,
  )
  const title = kebabCase(wordsOf(info?.text("title") ?? "")).replace(/[^a-z0-9-]/g, "")
  const doc = info?.text("description")
  const skeleton: ContractIr = {
    ir: IR_VERSION,
    name: /^[a-z]/.test(title) ? title : `contract-${title || "imported"}`,
    version: versionOf(info?.text("version")),
    ...(doc !== undefined && { doc }),
    ...params,
    messages: messages.messages,
    channels: [],
    roles: [],
  }
  const channels = channelsOf(uses, skeleton, report).map((channel) =>
    ours ? channel : accepted(channel, params.device),
  )
  const ir: ContractIr = {
    ...skeleton,
    channels,
    roles: (facts.roles as unknown as readonly RoleIr[] | undefined) ?? [anybody(channels)],
  }
  const used = withUsedMessages(ir, ours)
  const checked = checkContractIr(used as unknown as JsonValue)
  if (checked.ok) return finish(checked.value, ours)
  for (const { path, message } of checked.issues) {
    report.add("asyncapi/not-a-document", root.target, {
      problem: `the contract in it is damaged at ${path}: ${message}`,
    })
  }
  return finish()
}

/** A channel whose topics name no device is meant so: the document has it so. */
function accepted(channel: ChannelIr, { param }: DeviceIr): ChannelIr {
  const named = channel.legs.every(({ topic }) => topicParamNames(topic).includes(param))
  return named ? channel : { ...channel, accept: { "contract/topic-no-device": "The imported document has it so." } }
}

/** Params that never have a value which another topic has as a literal in their place. */
function apart(params: readonly ParamIr[], topics: readonly string[]): readonly ParamIr[] {
  const levels = topics.map((topic) => topic.split("/"))
  return params.map((param) => {
    const taken = levels.flatMap((mine) => {
      const place = mine.indexOf(`{${param.name}}`)
      const beside = levels.filter((other) => place >= 0 && other.length === mine.length)
      return beside.flatMap((other) => (other[place]!.startsWith("{") ? [] : [other[place]!]))
    })
    return {
      ...param,
      reserved: [...new Set([...param.reserved, ...taken])].filter((value) => admits(param, value)).sort(),
    }
  })
}

function admits({ pattern, maxLength }: ParamIr, value: string): boolean {
  const compiled = pattern === undefined ? undefined : compilePattern(pattern)
  return [...value].length <= maxLength && (compiled === undefined || (compiled.ok && matchDfa(compiled.value, value)))
}

function problemOf(root: Node | undefined): string | undefined {
  if (root === undefined) return undefined
  if (!isRecord(root.value)) return "it is not an object"
  const version = root.value.asyncapi
  if (typeof version !== "string") return "it has no `asyncapi`"
  return /^3\.\d+\.\d+/.test(version) ? undefined : `its version is ${version}`
}

function versionOf(text: string | undefined): string {
  if (text === undefined) return "1.0.0"
  const [major = "1", minor = "0", patch = "0"] = text.replace(/^v/, "").split(".")
  const version = [major, minor, patch].join(".")
  return /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version) ? version : "1.0.0"
}

function withDevice(
  params: readonly ParamIr[],
  uses: readonly LegUse[],
  facts: { readonly [name: string]: JsonValue },
  options: ImportOptions,
  report: ImportReport,
): { readonly params: readonly ParamIr[]; readonly device: DeviceIr } {
  const target = { document: options.address, path: "/channels" }
  const connection = {
    session: { kind: "persistent", expirySeconds: 3600 },
    reconnectSpreadSeconds: 30,
    keepAliveSeconds: 30,
  } as const
  if (isRecord(facts.device)) return { params, device: facts.device as unknown as DeviceIr }
  const count = (name: string) => uses.filter((use) => topicParamNames(use.topic).includes(name)).length
  const [most] = [...params].sort((a, b) => count(b.name) - count(a.name))
  const wanted = options.device ?? most?.name
  if (wanted !== undefined && params.some(({ name }) => name === wanted)) {
    if (options.device === undefined) {
      report.add("asyncapi/decided", target, {
        what: `\`${wanted}\` is taken as the identity of a device`,
        help: "say another one with --device",
      })
    }
    return { params, device: { param: wanted, ...connection } }
  }
  const name = options.device ?? "deviceId"
  report.add("asyncapi/decided", target, {
    what: `no topic has a parameter for the identity of a device: \`${name}\` is added to the contract`,
    help: "put it into the topics of devices, so that a broker can tell them apart",
  })
  const added: ParamIr = { name, maxLength: 64, reserved: [] }
  return {
    params: [...params, added].sort((a, b) => (a.name < b.name ? -1 : 1)),
    device: { param: name, ...connection },
  }
}

function reportServers(root: Node, ours: boolean, report: ImportReport): void {
  if (ours) return
  for (const [name, written] of root.get("servers")?.entries() ?? []) {
    const server = written.resolve()
    const protocol = server?.text("protocol")
    const reason = `an address is given when a client connects${protocol === undefined || /^(secure-)?mqtts?5?$/.test(protocol) ? "" : `, and ${protocol} is not MQTT`}`
    report.add("asyncapi/part-dropped", written.target, { what: `the server ${name}`, reason })
    if (server?.get("bindings")?.get("mqtt")?.get("lastWill") !== undefined) {
      const what = `the last will of ${name}`
      report.add("asyncapi/part-dropped", written.target, {
        what,
        reason: "make its topic a presence channel, which says birth and will",
      })
    }
  }
}

/** A role that may do whatever controllers do. */
function anybody(channels: ContractIr["channels"]): RoleIr {
  const legs = channels.flatMap((channel) =>
    channel.legs.map(({ name, from }) => ({ id: `${channel.name}.${name}`, from })),
  )
  const ids = (party: "device" | "controller") =>
    legs
      .filter(({ from }) => from === party)
      .map(({ id }) => id)
      .sort()
  return {
    name: "app",
    publish: ids("controller"),
    read: ids("device"),
    bind: [],
    session: { kind: "clean" },
    reconnectSpreadSeconds: 1,
    keepAliveSeconds: 30,
  }
}

/** Without messages that no channel carries and none refers to; those of our own documents stay. */
function withUsedMessages(ir: ContractIr, ours: boolean): ContractIr {
  if (ours) return ir
  const carried = ir.channels.flatMap(({ legs }) => legs.map(({ message }) => message))
  const used = new Set(carried.flatMap((name) => [name, ...referencedMessages(ir, findMessage(ir, name)!.type)]))
  return { ...ir, messages: ir.messages.filter(({ name }) => used.has(name)) }
}
