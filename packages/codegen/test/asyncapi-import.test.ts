import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContractIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { asyncApiDocument, importAsyncApi } from "../src/index.js"
import { randomContract } from "./codec/random-contract.js"
import { SeededRandom } from "./codec/seeded-random.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")
const contracts: readonly (readonly [string, ContractIr])[] = [
  ...readdirSync(SCHEMAS, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[^/]+\/contract\.lock\.json$/.test(path))
    .sort()
    .map((path) => [path, (JSON.parse(readFileSync(join(SCHEMAS, path), "utf8")) as { ir: ContractIr }).ir] as const),
]

const ADDRESS = "file:///contract/asyncapi.json"
const read = (document: unknown, options: { readonly perspective?: "device"; readonly device?: string } = {}) =>
  importAsyncApi({ documents: new Map([[ADDRESS, document]]), address: ADDRESS, ...options })

/** The document without what AsyncAPI has no words for. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === "x-fleetwire" ? [] : [[key, stripped(inner)]])),
  )
}

type Said = { readonly [name: string]: unknown }

/** What a document says of its operations, whatever they and their channels are called. */
function saidBy(document: unknown): readonly unknown[] {
  const { operations } = document as Record<string, Record<string, Said>>
  const follow = (node: unknown): Said => {
    const ref = (node as { $ref?: string }).$ref
    if (ref === undefined) return node as Said
    const found = ref
      .slice(2)
      .split("/")
      .reduce<unknown>((at, token) => (at as Said)[token], document)
    return follow(found)
  }
  const payloads = (messages: unknown) =>
    (messages as readonly unknown[]).map((message) => {
      const { payload, contentType, traits } = follow(message)
      const media = contentType ?? follow((traits as readonly unknown[])[0]).contentType
      return [media, bounds(follow(payload), follow)]
    })
  return Object.values(operations!)
    .map(({ action, channel, messages, bindings, reply }) => ({
      topic: follow(channel).address,
      action,
      payloads: payloads(messages),
      qos: (bindings as { mqtt: Said }).mqtt.qos,
      expiry: (bindings as { mqtt: Said }).mqtt.messageExpiryInterval,
      reply:
        reply === undefined ? undefined : [follow((reply as Said).channel).address, payloads((reply as Said).messages)],
    }))
    .sort((a, b) => (String(a.topic) < String(b.topic) ? -1 : 1))
}

/** A schema with its references followed and its words left out. */
function bounds(schema: unknown, follow: (node: unknown) => Said): unknown {
  if (Array.isArray(schema)) return schema.map((item) => bounds(item, follow))
  if (typeof schema !== "object" || schema === null) return schema
  const at = follow(schema)
  return Object.fromEntries(
    Object.entries(at)
      .filter(([key]) => !["title", "description", "examples", "x-fleetwire", "deprecated"].includes(key))
      .map(([key, inner]) => [key, bounds(inner, follow)]),
  )
}

describe("an AsyncAPI document of a contract, read again", () => {
  it.each(contracts)("is the same contract: %s", (_name, ir) => {
    const { ir: again, numbered, findings } = read(asyncApiDocument(ir))
    expect(findings).toEqual([])
    expect(numbered).toBe(true)
    expect(again).toEqual(ir)
  })

  it.each(contracts)("loses nothing that AsyncAPI itself can say: %s", (_name, ir) => {
    const document = stripped(asyncApiDocument(ir))
    const { ir: again, findings } = read(document, { perspective: "device", device: ir.device.param })
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([])
    expect(saidBy(asyncApiDocument(again!))).toEqual(saidBy(document))
  })

  it("is the same whatever its messages are", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const ir = withChannels(randomContract(new SeededRandom(seed)))
      const { ir: again, findings } = read(asyncApiDocument(ir))
      expect([seed, findings]).toEqual([seed, []])
      expect([seed, withoutIdleBounds(again!)]).toEqual([seed, withoutIdleBounds(ir)])
    }
  })
})

/** A channel for each message, so that it is carried. */
function withChannels(ir: ContractIr): ContractIr {
  const channels = [...ir.messages]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name }) => ({
      kind: "telemetry" as const,
      name: `carry${name}`,
      from: "device" as const,
      legs: [
        {
          name: "message" as const,
          from: "device" as const,
          topic: `fleet/{${ir.device.param}}/${name.toLowerCase()}`,
          message: name,
          qos: 0 as const,
          retain: false,
          accepts: ["json" as const],
          sends: "json" as const,
          maxBytes: 1024,
          acknowledge: "on-receipt" as const,
          queue: { bound: 1000, drop: "oldest" as const },
          outbox: { bound: 100, drop: "oldest" as const, durable: false },
        },
      ],
    }))
  const messages = [...ir.messages].sort((a, b) => (a.name < b.name ? -1 : 1))
  const params = [{ name: ir.device.param, maxLength: 16, reserved: [] }]
  return { ...ir, params, messages, channels }
}

/** The compiler leaves out a least length of 0, which says nothing. */
function withoutIdleBounds(ir: ContractIr): ContractIr {
  const kept = (key: string, value: unknown) =>
    (key === "minLength" || key === "minItems") && value === 0 ? undefined : value
  return JSON.parse(JSON.stringify(ir, kept)) as ContractIr
}
