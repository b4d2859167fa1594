import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContractIr, ParamIr } from "@fleetwire/ir"
import { expect, it } from "vitest"
import { provideCompiler } from "../../../../tools/firmware/src/provide-compiler.js"
import { provideOrSkip } from "../../../../tools/firmware/src/provide-or-skip.js"
import { emitC } from "../../src/c/emit.js"
import { contractOf, fields, uint } from "../codec/car-contract.js"
import { STRICT } from "./harness.js"

const vectors = new URL("../../../../schemas/vectors/topics/", import.meta.url)
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`${name}.json`, vectors), "utf8")) as T

interface Value {
  readonly value: string
  readonly reserved?: readonly string[]
  readonly maxLength?: number
  readonly pattern?: string
}

/** A contract of one channel, so that its router and builder know one template only. */
interface Case {
  readonly template: string
  readonly params: readonly ParamIr[]
}

const DEPLOYMENT = "site/a"
const { cases } = read<{
  cases: { template: string; topic: string; params: Record<string, string> | null }[]
}>("matches")
/** A broker gives no topic that begins with a dollar sign to a filter that begins with a param: no device hears it. */
const matches = cases.filter(({ topic }) => !topic.startsWith("$"))
const { valid, invalid } = read<{ valid: Value[]; invalid: Value[] }>("params")

const paramOf = ({ reserved = [], maxLength = 64, pattern }: Omit<Value, "value">, name: string): ParamIr => ({
  name,
  maxLength,
  reserved: [...reserved],
  ...(pattern === undefined ? {} : { pattern }),
})
const namesIn = (template: string): string[] => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
const caseOf = (template: string): Case => ({
  template,
  params: namesIn(template).map((name) => paramOf({}, name)),
})

function contract({ template, params }: Case, index: number): ContractIr {
  const leg = { name: "message", from: "device", topic: template, message: "M", qos: 0, retain: false } as const
  const accepts = ["json"] as const
  const queue = { bound: 10, drop: "oldest" } as const
  const outbox = { bound: 10, drop: "oldest", durable: false } as const
  const rest = { accepts: [...accepts], sends: "json", maxBytes: 64, acknowledge: "on-receipt", queue, outbox } as const
  return {
    ...contractOf([{ name: "M", type: { kind: "object", name: "M", fields: fields({ a: uint(8) }) } }], `t${index}`),
    params: [...params],
    channels: [{ kind: "telemetry", name: "m", from: "device", legs: [{ ...leg, ...rest }] }],
  }
}

/** One program with every contract: reads the number of one, a prefix and a topic or params, all in hex. */
function mainOf(all: readonly Case[]): string {
  const each = all.map(({ params }, index) => ({ prefix: `t${index}`, upper: `T${index}`, count: params.length }))
  return `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
${each.map(({ prefix }) => `#include "${prefix}/src/${prefix}_topics.h"`).join("\n")}

static char line[8192];
static char *unhex(const char **at, size_t *length)
{
  char *out;
  size_t n = 0, i;
  unsigned octet;
  while ((*at)[n] > ' ') n++;
  /* As long as it is, so that a read beyond it is seen. */
  out = (char *)malloc(n / 2 + (n == 1));
  for (i = 0; i < n / 2; i++) { sscanf(*at + 2 * i, "%2x", &octet); out[i] = (char)octet; }
  *length = n / 2;
  *at += n + 1;
  return out;
}

int main(void)
{
  while (fgets(line, sizeof line, stdin)) {
    const char *at = line + 2;
    fw_text_t given[4];
    char prefix[64] = "", *text[4] = {0, 0, 0, 0};
    size_t length, i;
    unsigned number = (unsigned)strtoul(at, (char **)&at, 10), count = (unsigned)strtoul(at, (char **)&at, 10);
    at++;
    text[3] = unhex(&at, &length);
    memcpy(prefix, text[3], length);
    free(text[3]);
    text[3] = NULL;
    for (i = 0; i < count; i++) { text[i] = unhex(&at, &given[i].length); given[i].data = text[i]; }
    switch (number) {
${each
  .map(
    ({ prefix, upper, count }, index) => `    case ${index}: {
      ${prefix}_params_t params;
      if (line[0] == 'r') {
        ${prefix}_leg_t leg = ${prefix}_route(prefix, text[0], given[0].length, &params);
        printf("%d", (int)leg);
        for (i = 0; leg != 0 && i != ${count}; i++) {
          const fw_text_t *param = (const fw_text_t *)(const void *)&params + i;
          size_t k;
          printf(" .");
          for (k = 0; k < param->length; k++) printf("%02x", (unsigned char)param->data[k]);
        }
      } else {
        size_t size, need = 0;
        memcpy(&params, given, sizeof params);
        for (size = 0; size < 400; size++) {
          char *topic = (char *)malloc(size + (size == 0));
          fw_status_t got = ${prefix}_topic(${upper}_LEG_M, prefix, &params, topic, size);
          if (got == FW_OK) { need = size; printf("%s", topic); size = 400; }
          else if (got != FW_SPACE) { printf("refused"); size = 400; need = 1; }
          free(topic);
        }
        if (need == 0) printf("never");
        if (need > 1 && prefix[0] == 0 && need > ${upper}_M_TOPIC_MAX) printf(" beyond its bound");
      }
      break;
    }`,
  )
  .join("\n")}
    default: break;
    }
    putchar('\\n');
    for (i = 0; i < 4; i++) free(text[i]);
  }
  return 0;
}
`
}

const hex = (text: string): string => Buffer.from(text, "utf8").toString("hex")

it("routes and builds topics as the vectors say, under a deployment's prefix too", {
  timeout: 300_000,
}, async (test) => {
  const gcc = await provideOrSkip(test, () => provideCompiler("gcc"))
  const specs = [...valid, ...invalid]
  const keyOf = ({ value: _, ...spec }: Value & { issue?: string }): string =>
    JSON.stringify([spec.reserved, spec.maxLength, spec.pattern])
  const templates = [...new Set(matches.map(({ template }) => template))]
  const keys = [...new Set(specs.map(keyOf))]
  const all: Case[] = [
    ...templates.map(caseOf),
    ...keys.map((key) => ({ template: "a/{x}", params: [paramOf(specs.find((one) => keyOf(one) === key)!, "x")] })),
  ]
  const cache = fileURLToPath(new URL("../../.cache/", import.meta.url))
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "topics-"))
  try {
    for (const [index, one] of all.entries())
      for (const { path, text } of emitC(contract(one, index))) {
        mkdirSync(dirname(join(folder, `t${index}`, path)), { recursive: true })
        writeFileSync(join(folder, `t${index}`, path), text)
      }
    writeFileSync(join(folder, "main.c"), mainOf(all))
    const sanitized = ["-std=c99", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", ...STRICT]
    const sources = all.map((_, index) => `t${index}/src/t${index}.c`)
    const env = { ...process.env, ...gcc.env, ASAN_OPTIONS: "detect_leaks=0" }
    const args = [...gcc.args, ...sanitized, "-o", "topics", "main.c", ...sources]
    const built = spawnSync(gcc.program, args, { cwd: folder, env, encoding: "utf8" })
    expect(built.stderr).toBe("")
    const ask = (lines: readonly string[]): string[] => {
      const ran = spawnSync(join(folder, "topics"), { input: `${lines.join("\n")}\n`, env, encoding: "utf8" })
      expect(ran.stderr).toBe("")
      return ran.stdout.split("\n").slice(0, -1)
    }

    for (const prefix of ["", DEPLOYMENT]) {
      const topicOf = (topic: string): string => (prefix === "" ? topic : `${prefix}/${topic}`)
      const routed = ask(
        matches.map(
          ({ template, topic }) => `r ${templates.indexOf(template)} 1 ${hex(prefix)} ${hex(topicOf(topic))}`,
        ),
      )
      matches.forEach(({ template, topic, params }, index) => {
        // A topic has no wildcard: what a broker never delivers is nobody's.
        const want =
          params === null || topic.includes("+")
            ? "0"
            : ["1", ...namesIn(template).map((name) => `.${hex(params[name]!)}`)].join(" ")
        expect({ prefix, template, topic, said: routed[index] }).toMatchObject({ said: want })
        if (params === null || topic.includes("+")) return
        const given = namesIn(template).map((name) => params[name]!)
        const line = `b ${templates.indexOf(template)} ${given.length} ${hex(prefix)} ${given.map(hex).join(" ")}`
        expect({ prefix, template, said: ask([line])[0] }).toMatchObject({ said: topicOf(topic) })
      })
      // Under a prefix, a topic without it is nobody's.
      if (prefix !== "") expect(ask([`r ${templates.indexOf("a/{x}")} 1 ${hex(prefix)} ${hex("a/1")}`])).toEqual(["0"])
    }

    for (const [list, good] of [
      [valid, true],
      [invalid, false],
    ] as const)
      for (const one of list) {
        // Text in C is UTF-8: half a surrogate pair is an octet sequence that is none.
        const octets = /\p{Cs}/u.test(one.value) ? "eda080" : hex(one.value)
        const at = templates.length + keys.indexOf(keyOf(one))
        const [route, build] = ask([`r ${at} 1  ${hex("a/")}${octets}`, `b ${at} 1  ${octets}`])
        expect({ ...one, route, build }).toMatchObject(
          good ? { route: `1 .${octets}`, build: `a/${one.value}` } : { route: "0", build: "refused" },
        )
      }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
