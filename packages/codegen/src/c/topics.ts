import { type ContractIr, contractLegs, type LegPlace, type ParamIr, topicParams } from "@fleetwire/ir"
import { block, type Code, code, doc, ident, join, nothing, string } from "../core/code.js"
import type { CModel } from "./model.js"
import { createScope, lowerName, memberName, upperName } from "./names.js"
import { automatonOf, fits, isLevelSafe, type Line, lineOf } from "./pattern.js"
import { octets } from "./table.js"

/** A leg with its constants' name, such as `DRIVE_REQUEST`; the leg `message` has the channel's. */
export interface CLeg extends LegPlace {
  readonly name: string
}

/** What `<prefix>_topics.h` and `.c` hold. */
export interface Topics {
  readonly header: readonly Code[]
  readonly source: readonly Code[]
}

/** Legs, the topics that they have, and the router that finds the leg of a topic. */
export function topicsOf(model: CModel): Topics {
  const { ir, names } = model
  const lower = (rest: string): Code => ident(`${names.prefix}_${rest}`)
  const upper = (rest: string): Code => ident(`${names.upper}_${rest}`)
  const legs = legsOf(ir)
  const params = paramsOf(ir)
  const header = [
    code`

      ${doc("A topic with what travels on it.")}
      ${block(code`typedef enum`, [
        code`${upper("NO_LEG")} = 0,`,
        ...legs.flatMap((leg, index) => [
          doc(legWords(leg)),
          code`${upper(`LEG_${leg.name}`)} = ${index + 1}${index + 1 < legs.length ? code`,` : nothing}`,
        ]),
      ])} ${lower("leg_t")};

      ${doc("What stands in the params of a topic.")}
      ${block(
        code`typedef struct`,
        params.length === 0
          ? [code`fw_text_t none;`]
          : params.flatMap(({ param, member }) => [doc(paramWords(param)), code`fw_text_t ${ident(member)};`]),
      )} ${lower("params_t")};
    `,
    ...legs.map(
      ({ name, leg }) => code`

        ${doc(`${leg.topic}: quality of service, whether retained, most octets of a payload and of the topic with its end, and the format that is sent.`)}
        #define ${upper(`${name}_QOS`)} ${leg.qos}
        #define ${upper(`${name}_RETAIN`)} ${leg.retain ? 1 : 0}
        #define ${upper(`${name}_MAX`)} ${leg.maxBytes}
        #define ${upper(`${name}_TOPIC_MAX`)} ${topicSize(ir, leg.topic)}
        ${leg.sends === "bytes" ? nothing : code`#define ${upper(`${name}_FORMAT`)} ${ident(`FW_${leg.sends.toUpperCase()}_FORMAT`)}`}
      `,
    ),
    code`

      ${doc(
        [
          "Writes the topic of a leg into `buffer` as a C string. `prefix` is the deployment's, NULL or empty for none.",
          "",
          "FW_OK: it is whole. FW_SPACE: `size` octets are too few.",
          "FW_TOPIC: there is no such leg, or a param of it is absent or not what the contract allows.",
        ].join("\n"),
      )}
      fw_status_t ${lower("topic")}(${lower("leg_t")} leg, const char *prefix, const ${lower("params_t")} *params, char *buffer,
                                    size_t size);

      ${doc(
        [
          "The leg of a topic of `length` octets, and what stands in its params, which point into the topic.",
          `${names.upper}_NO_LEG: it is none of this contract's.`,
        ].join("\n"),
      )}
      ${lower("leg_t")} ${lower("route")}(const char *prefix, const char *topic, size_t length, ${lower("params_t")} *params);
    `,
  ]
  const constants: Code[] = []
  const { shared, rest } = splitTemplates(legs.map(({ leg }) => templateParts(ir, leg.topic)))
  const source = [
    code`

      /* What all topics begin with behind a prefix, then how each goes on; an octet below 0x20 is the number of a param. */
      static const char templates[] FW_ROM =
        ${printTemplate([SLASH, ...shared])}
        ${rest.map((parts, index) => code`${printTemplate(parts)}${index + 1 < rest.length ? nothing : code`;`}`)}
    `,
    ...params.map(({ param, member }) => paramTest(param, member, constants)),
    code`

      /* What stands in a level of a topic for a param is what the contract allows. */
      static bool fw_is_param(uint8_t number, const fw_text_t *param)
      {
        ${
          params.length === 0
            ? [code`(void)number;`, code`(void)param;`, code`return false;`]
            : params.map(({ member }, index) =>
                index + 1 < params.length
                  ? code`if (number == ${index + 1}) return is_${ident(member)}(param);`
                  : code`return number == ${index + 1} && is_${ident(member)}(param);`,
              )
        }
      }
    `,
    code`

      fw_status_t ${lower("topic")}(${lower("leg_t")} leg, const char *prefix, const ${lower("params_t")} *params, char *buffer,
                                    size_t size)
      {
        if ((uint8_t)(leg - 1) >= ${legs.length}) return FW_TOPIC;
        return fw_topic_format(templates, (uint8_t)leg, prefix, (const fw_text_t *)params, buffer, size);
      }
    `,
    code`

      ${lower("leg_t")} ${lower("route")}(const char *prefix, const char *topic, size_t length, ${lower("params_t")} *params)
      {
        fw_zero(params, sizeof *params);
        return (${lower("leg_t")})fw_topic_match(templates, prefix, topic, length, (fw_text_t *)params);
      }
    `,
  ]
  return { header, source: [...constants, ...source] }
}

/** Legs in the order of the contract, each topic once; a broadcast's replies are those of its command. */
export function legsOf(ir: ContractIr): readonly CLeg[] {
  const scope = createScope()
  const seen = new Set<string>()
  return contractLegs(ir).flatMap((place): readonly CLeg[] => {
    const { channel, leg } = place
    if (channel.kind === "broadcast" && channel.as !== undefined && leg.name === "reply") return []
    const base = upperName(leg.name === "message" ? channel.name : `${channel.name} ${leg.name}`)
    // One topic is one leg, whatever channels share it.
    if (seen.has(leg.topic)) return []
    seen.add(leg.topic)
    return [{ ...place, name: scope.take(base === "" ? "LEG" : base) }]
  })
}

interface CParam {
  readonly param: ParamIr
  readonly member: string
}

function paramsOf(ir: ContractIr): readonly CParam[] {
  const scope = createScope()
  return ir.params.map((param) => ({ param, member: scope.take(memberName(lowerName(param.name) || param.name)) }))
}

function paramTest(param: ParamIr, member: string, constants: Code[]): Code {
  const { tests, reserved } = testsOf(param)
  const printed = tests.map((test) => {
    if (test.kind === "level") return code`fw_topic_param(param, ${param.maxLength})`
    if (test.kind === "length") return code`param->length <= ${param.maxLength}`
    const name = code`pattern_${ident(member)}`
    if (test.kind === "line") {
      constants.push(code`static const char ${name}[] FW_ROM = ${octets(test.line.pairs)};`)
      return code`fw_fits_line(${name}, ${test.line.least}, ${test.line.most}, param)`
    }
    constants.push(code`static const char ${name}[] FW_ROM = ${octets(automatonOf(test.pattern))};`)
    return code`fw_fits(${name}, param)`
  })
  reserved.forEach((word, index) => {
    constants.push(code`static const char not_${ident(member)}_${index + 1}[] FW_ROM = ${string(word)};`)
    printed.push(code`!fw_same(param, not_${ident(member)}_${index + 1}, ${new TextEncoder().encode(word).length})`)
  })
  return code`

    static bool is_${ident(member)}(const fw_text_t *param)
    {
      return ${join(printed, code` && `)};
    }
  `
}

type ParamTest =
  | { readonly kind: "level" }
  | { readonly kind: "length" }
  | { readonly kind: "pattern"; readonly pattern: string }
  | { readonly kind: "line"; readonly line: Line }

/** What has to be looked at: a pattern says most of it, where it allows only octets that a level may have. */
function testsOf({ pattern, reserved, maxLength }: ParamIr): {
  readonly tests: readonly ParamTest[]
  readonly reserved: readonly string[]
} {
  if (pattern === undefined) return { tests: [{ kind: "level" }], reserved }
  const line = lineOf(pattern)
  const fit: ParamTest = line === undefined ? { kind: "pattern", pattern } : { kind: "line", line }
  const left = reserved.filter((word) => fits(pattern, word))
  if (!isLevelSafe(pattern)) return { tests: [{ kind: "level" }, fit], reserved: left }
  if (line !== undefined && line.most <= maxLength) return { tests: [fit], reserved: left }
  return { tests: [{ kind: "length" }, fit], reserved: left }
}

/** A template: octets of text, and numbers of params, which are below 0x20. */
function templateParts(ir: ContractIr, topic: string): readonly number[] {
  return topic.split("/").flatMap((level, index) => {
    const place = level.startsWith("{") ? ir.params.findIndex(({ name }) => `{${name}}` === level) : -1
    return [...(index > 0 ? [SLASH] : []), ...(place < 0 ? new TextEncoder().encode(level) : [place + 1])]
  })
}

const SLASH = 0x2f

/** What all templates begin with, as far as it ends a level, and what follows it in each. */
function splitTemplates(templates: readonly (readonly number[])[]): {
  readonly shared: readonly number[]
  readonly rest: readonly (readonly number[])[]
} {
  const [first] = templates
  if (first === undefined || templates.length === 1) return { shared: [], rest: templates }
  let length = first.findIndex((octet, at) => octet < 0x20 || templates.some((one) => one[at] !== octet))
  if (length < 0) length = first.length
  const shared = first.slice(0, first.slice(0, length).lastIndexOf(SLASH) + 1)
  return { shared, rest: templates.map((one) => one.slice(shared.length)) }
}

/** As string literals: text, and numbers of params. */
function printTemplate(parts: readonly number[]): Code {
  const pieces: Code[] = []
  let text: number[] = []
  const flush = (): void => {
    if (text.length > 0) pieces.push(string(new TextDecoder().decode(Uint8Array.from(text))))
    text = []
  }
  for (const part of parts) {
    if (part >= 0x20) text.push(part)
    else {
      flush()
      pieces.push(octets([part]))
    }
  }
  flush()
  return code`${join([...pieces, code`"\0"`], code` `)}`
}

/** Most octets of a topic with its end, without a deployment's prefix. */
function topicSize(ir: ContractIr, topic: string): number {
  const params = topicParams(ir, topic)
  const literal = new TextEncoder().encode(topic.replaceAll(/\{[^}]*\}/g, "")).length
  return literal + params.reduce((sum, { maxLength, pattern }) => sum + maxLength * (isAscii(pattern) ? 1 : 4), 0) + 1
}

/** A pattern that admits ASCII only: its automaton has no edge beyond it. */
function isAscii(pattern: string | undefined): boolean {
  return pattern !== undefined && automatonIsAscii(pattern)
}

function automatonIsAscii(pattern: string): boolean {
  return automatonOf(pattern).every((octet) => octet < 0x80)
}

function legWords({ leg, channel }: CLeg): string {
  const who = leg.from === "device" ? "from the device" : "to the device"
  return `${leg.topic}: ${leg.message}, ${who}, QoS ${leg.qos}${leg.retain ? ", retained" : ""}.${channel.doc === undefined ? "" : ` ${channel.doc}`}`
}

function paramWords({ doc: words, maxLength, pattern, reserved }: ParamIr): string {
  return [
    ...(words === undefined ? [] : [words]),
    `At most ${maxLength} characters.`,
    ...(pattern === undefined ? [] : [`Fits ${pattern}.`]),
    ...(reserved.length === 0 ? [] : [`Never ${reserved.join(", ")}.`]),
  ].join(" ")
}
