import type { ContractIr, JsonValue, ParamIr } from "@fleetwire/ir"
import type { ImportReport } from "./finding.js"
import { isRecord, type Node } from "./node.js"

const DEFAULT_MAX_LENGTH = 64

/** Reads the parameters of all channels, each name once. What the extension of the document declares goes first. */
export function readParams(
  uses: readonly { readonly name: string; readonly node: Node | undefined }[],
  declared: ContractIr["params"],
  report: ImportReport,
): readonly ParamIr[] {
  const params = new Map(declared.map((param) => [param.name, param]))
  for (const { name, node } of uses) if (!params.has(name)) params.set(name, readParam(name, node?.resolve(), report))
  return [...params.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function readParam(name: string, at: Node | undefined, report: ImportReport): ParamIr {
  if (at === undefined) return { name, maxLength: DEFAULT_MAX_LENGTH, reserved: [] }
  const schema = at.get("schema")
  const texts = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === "string" && isLevel(item)) : []
  const values = texts(at.at("enum")?.value ?? schema?.at("enum")?.value)
  const examples = texts(at.at("examples")?.value)
  if (at.at("default") !== undefined) {
    report.add("asyncapi/param-dropped", at.target, {
      keyword: "default",
      name,
      reason: "a topic is always said whole",
    })
  }
  const doc = at.text("description")
  const longest = values.reduce((most, value) => Math.max(most, [...value].length), 0)
  return {
    name,
    ...(doc !== undefined && { doc }),
    ...(values.length > 0 && { pattern: values.map(escaped).join("|") }),
    maxLength: longest > 0 ? longest : DEFAULT_MAX_LENGTH,
    reserved: [],
    ...(examples.length > 0 && { examples }),
  }
}

/** Whether a value can stand as a level of a topic. */
function isLevel(value: string): boolean {
  return value !== "" && !/[/+#{}]/.test(value)
}

function escaped(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
}

/** What the document's extension says, as data of a shape that is checked later. */
export function recordOf(value: unknown): { readonly [name: string]: JsonValue } {
  return isRecord(value) ? (value as { readonly [name: string]: JsonValue }) : {}
}
