import { maxEncodedBytes } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { describe } from "./describe.js"
import { laneFacts } from "./engine/lane-facts.js"
import { measuredFlash } from "./engine/measured-flash.js"
import { planEngine, rememberedOctets, topicOctets } from "./engine/plan.js"
import { formatsIn } from "./guide.js"
import type { CModel, CObject } from "./model.js"
import { legsOf } from "./topics.js"

interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The contract on one page, in Markdown and as HTML to print. Pure text; whatever a contract says is escaped. */
export function sheetOf(model: CModel): readonly RenderedFile[] {
  const { ir } = model
  const title = `${ir.name} ${ir.version}`
  const tables = [topics(model), sizes(model), ...device(model), ...model.messages.map(({ object }) => fields(object))]
  return [
    { path: "SHEET.md", text: markdown(title, ir.doc, tables) },
    { path: "sheet.html", text: html(title, ir.doc, tables) },
  ]
}

function topics({ ir }: CModel): Table {
  return {
    title: "Topics",
    head: ["topic", "from", "message", "QoS", "retained", "formats", "octets at most"],
    rows: legsOf(ir).map(({ leg }) => [
      leg.topic,
      leg.from,
      leg.message,
      String(leg.qos),
      leg.retain ? "yes" : "no",
      formatsIn(leg),
      String(leg.maxBytes),
    ]),
  }
}

function sizes({ ir, messages }: CModel): Table {
  const formats = ["json", "compact", "protobuf"] as const
  return {
    title: "Longest encodings in octets",
    head: ["message", ...formats],
    rows: messages.map(({ message }) => [
      message.name,
      ...formats.map((format) => String(maxEncodedBytes(ir, message.name, format) ?? "unbounded")),
    ]),
  }
}

/** Memory of the device engine, and the rate at which it begins to answer busy; nothing where there is no engine. */
function device(model: CModel): readonly Table[] {
  const plan = planEngine(model)
  if (typeof plan === "string") return []
  const flash = measuredFlash.get(`${model.ir.name} ${model.ir.version}`)
  const declared = Math.max(...plan.lanes.map(({ channel }) => channel.command.remember.count))
  const retentionMs = Math.max(...plan.lanes.map(({ channel }) => channel.command.remember.retentionMs))
  const counts = [...new Set([8, 64, declared])].filter((count) => count <= declared)
  return [
    ...plan.lanes.map((lane) => ({
      title: `Command ${lane.channel.name}`,
      head: ["", "what the device does"],
      rows: laneFacts(lane),
    })),
    {
      title: "Memory of a device in octets",
      head: ["for", "octets at most"],
      rows: [
        ["reading a message", String(plan.readMax)],
        ["writing a message", String(plan.writeMax)],
        ["a topic, without a deployment's prefix", String(topicOctets(plan))],
        ["configurations", String(plan.config === undefined ? 1 : 2 * plan.configMax + 1)],
        ["one remembered command", String(rememberedOctets(plan))],
        ["messages that wait", "as many as are to wait, each with its topic and 12 octets"],
      ],
    },
    ...(flash === undefined
      ? []
      : [
          {
            title: "Flash of a whole device on a Cortex-M4",
            head: ["formats", "octets"],
            rows: flash.map(({ formats, octets }) => [formats, String(octets)]),
          },
        ]),
    {
      title: "Remembered commands",
      head: ["remembered", "octets at most", "busy above, commands a second"],
      rows: counts.map((count) => [
        String(count),
        String(count * rememberedOctets(plan)),
        (count / (retentionMs / 1000)).toFixed(2),
      ]),
    },
  ]
}

function fields(object: CObject): Table {
  const rows: string[][] = []
  const walk = (of: CObject, path: string): void => {
    for (const field of of.fields) {
      const name = of.type === undefined ? "(the value)" : `${path}${field.field.name}`
      const words = field.enum?.constants.map(({ wire, number }) => `${wire} = ${number}`).join(", ")
      rows.push([
        name,
        field.type.kind === "const" ? "" : field.member,
        [describe(field), words ?? ""].filter((text) => text !== "").join(" "),
      ])
      if (field.object !== undefined) walk(field.object, `${name}${field.type.kind === "list" ? "[]" : ""}.`)
    }
  }
  walk(object, "")
  return { title: object.name, head: ["field", "member in C", "meaning"], rows }
}

function markdown(title: string, doc: string | undefined, tables: readonly Table[]): string {
  const cell = (text: string): string => text.replace(/[\\`*_<>|[\]]/g, "\\$&").replace(/\s+/g, " ")
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`
  return [
    `# ${cell(title)}`,
    "",
    ...(doc === undefined ? [] : [cell(doc), ""]),
    ...tables.flatMap((table) => [
      `## ${cell(table.title)}`,
      "",
      line(table.head),
      `|${table.head.map(() => "---|").join("")}`,
      ...table.rows.map(line),
      "",
    ]),
  ].join("\n")
}

const STYLE =
  "body{font:9pt/1.3 sans-serif;margin:1.2cm}h1{font-size:14pt;margin:0}h2{font-size:10pt;margin:.8em 0 .2em}" +
  "table{border-collapse:collapse;width:100%;break-inside:avoid}th,td{border:1px solid #999;padding:1px 4px;text-align:left;vertical-align:top}" +
  "main{columns:2;column-gap:6mm}section{break-inside:avoid}section.wide{column-span:all}@page{size:A4 landscape;margin:8mm}"

function html(title: string, doc: string | undefined, tables: readonly Table[]): string {
  const safe = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
  const row = (cells: readonly string[], tag: "th" | "td"): string =>
    `<tr>${cells.map((text) => `<${tag}>${safe(text)}</${tag}>`).join("")}</tr>`
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>${safe(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${safe(title)}</h1>`,
    doc === undefined ? "" : `<p>${safe(doc)}</p>`,
    "<main>",
    ...tables.map(
      (table, index) =>
        `<section${index === 0 ? ' class="wide"' : ""}><h2>${safe(table.title)}</h2><table>${row(table.head, "th")}${table.rows.map((cells) => row(cells, "td")).join("")}</table></section>`,
    ),
    "</main></body></html>",
    "",
  ].join("\n")
}
