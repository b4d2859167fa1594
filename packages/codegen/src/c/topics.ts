import { type ContractIr, contractLegs, type LegPlace, type ParamIr, topicParams } from "@fleetwire/ir"
import { block, type Code, code, doc, ident, join, nothing, string } from "../core/code.js"
import type { CModel } from "./model.js"
import { createScope, lowerName, memberName, upperName } from "./names.js"
import { automatonOf } from "./pattern.js"
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
  const source = [
    code`
      /* Templates, each ended by an octet 0; an octet below 0x20 is the number of a param. */
      static const char templates[] FW_ROM =
        ${legs.map(({ leg }, index) => code`${template(ir, leg.topic)}${index + 1 < legs.length ? nothing : code`;`}`)}
    `,
    code`

      static const char *template_of(uint8_t leg)
      {
        const char *at = templates;
        for (; leg > 1; leg--) {
          while (FW_BYTE(at++) != 0) {
          }
        }
        return at;
      }
    `,
    ...params.map(({ param, member }) => paramTest(param, member, constants)),
    code`

      /* What a topic holds for the params of a leg is what the contract allows. */
      ${block(code`static bool is_allowed(uint8_t leg, const ${lower("params_t")} *params)`, [
        params.length === 0 ? [code`(void)params;`] : [],
        block(code`switch (leg)`, [
          ...grouped(ir, legs).map(({ indices, members }) => [
            ...indices.map((index) => code`case ${index + 1}:`),
            code`  return ${
              members.length === 0
                ? code`true`
                : join(
                    members.map((member) => code`is_${ident(member)}(&params->${ident(member)})`),
                    code` && `,
                  )
            };`,
          ]),
          code`default:`,
          code`  return false;`,
        ]),
      ])}
    `,
    code`

      fw_status_t ${lower("topic")}(${lower("leg_t")} leg, const char *prefix, const ${lower("params_t")} *params, char *buffer,
                                    size_t size)
      {
        if (!is_allowed((uint8_t)leg, params)) return FW_TOPIC;
        return fw_topic_format(template_of((uint8_t)leg), prefix, (const fw_text_t *)params, buffer, size);
      }
    `,
    code`

      ${lower("leg_t")} ${lower("route")}(const char *prefix, const char *topic, size_t length, ${lower("params_t")} *params)
      {
        uint8_t leg;
        fw_zero(params, sizeof *params);
        for (leg = 1; leg <= ${legs.length}; leg++) {
          if (fw_topic_match(template_of(leg), prefix, topic, length, (fw_text_t *)params) && is_allowed(leg, params))
            return (${lower("leg_t")})leg;
        }
        return ${upper("NO_LEG")};
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
  const tests = [code`fw_topic_param(param, ${param.maxLength})`]
  if (param.pattern !== undefined) {
    constants.push(code`static const char pattern_${ident(member)}[] FW_ROM = ${octets(automatonOf(param.pattern))};`)
    tests.push(code`fw_fits(pattern_${ident(member)}, param)`)
  }
  param.reserved.forEach((word, index) => {
    constants.push(code`static const char not_${ident(member)}_${index + 1}[] FW_ROM = ${string(word)};`)
    tests.push(code`!fw_same(param, not_${ident(member)}_${index + 1}, ${new TextEncoder().encode(word).length})`)
  })
  return code`

    static bool is_${ident(member)}(const fw_text_t *param)
    {
      return ${join(tests, code` && `)};
    }
  `
}

function grouped(ir: ContractIr, legs: readonly CLeg[]) {
  const params = paramsOf(ir)
  const groups = new Map<string, { indices: number[]; members: readonly string[] }>()
  legs.forEach(({ leg }, index) => {
    const members = topicParams(ir, leg.topic).map(
      ({ name }) => params.find(({ param }) => param.name === name)!.member,
    )
    const group = groups.get(members.join()) ?? { indices: [], members }
    group.indices.push(index)
    groups.set(members.join(), group)
  })
  return [...groups.values()]
}

/** A template as string literals: text, and numbers of params. */
function template(ir: ContractIr, topic: string): Code {
  const parts: Code[] = []
  let text = ""
  const flush = (): void => {
    if (text !== "") parts.push(string(text))
    text = ""
  }
  topic.split("/").forEach((level, index) => {
    if (index > 0) text += "/"
    const place = level.startsWith("{") ? ir.params.findIndex(({ name }) => `{${name}}` === level) : -1
    if (place < 0) text += level
    else {
      flush()
      parts.push(octets([place + 1]))
    }
  })
  flush()
  return code`${join(parts, code` `)} "\0"`
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
