import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContractIr, Format } from "@fleetwire/ir"
import { provideCompiler } from "../../../../tools/firmware/src/provide-compiler.js"
import { emitC } from "../../src/c/emit.js"
import { modelOf } from "../../src/c/model.js"

const cache = fileURLToPath(new URL("../../.cache/", import.meta.url))

/** Every warning that generated C must be free of. */
export const STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]

/** Formats in the order in which the harness numbers and prints them. */
export const FORMATS = ["json", "compact", "protobuf", "text"] as const

/** What C made of one payload. */
export interface Judged {
  /** A `fw_status_t`. */
  readonly status: number
  /** Where it stopped, such as `parameters.speed`. */
  readonly path: string
  /** The value in every format, in hex; empty where there is none in that format. */
  readonly encoded: { readonly [format in (typeof FORMATS)[number]]: string }
}

/** Generated codecs of one contract, compiled with a main function that reads payloads in hex. */
export interface Harness {
  /** What C makes of each payload. */
  judge(
    payloads: readonly { readonly message: string; readonly format: Format; readonly octets: Uint8Array }[],
  ): Judged[]
  remove(): void
}

/** How the harness is compiled and run. */
export interface HarnessOptions {
  /** A compiler with its first arguments; gcc, fetched where this machine has none, if not given. */
  readonly compiler?: readonly string[]
  /** To be set for the compiler and for what it makes. */
  readonly env?: Readonly<Record<string, string>>
  /** Program with arguments that runs the compiled file, such as an emulator. */
  readonly runner?: readonly string[]
  readonly flags?: readonly string[]
  /** Formats that are built in; all by default. */
  readonly formats?: readonly Format[]
}

/** Every access that a standard leaves undefined ends the harness. */
export const SANITIZED = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

/** Generates, compiles and gives a harness; rejects with the compiler's words where it refuses. */
export async function buildHarness(ir: ContractIr, options: HarnessOptions = {}): Promise<Harness> {
  const own = options.compiler === undefined ? await provideCompiler("gcc") : undefined
  const env = { ...process.env, ...own?.env, ...options.env }
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "c-"))
  const files = emitC(ir)
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const built = FORMATS.map((format) => options.formats?.includes(format) ?? true)
  const left = FORMATS.filter((_, index) => !built[index]).map((format) => `-DFW_${format.toUpperCase()}=0`)
  writeFileSync(join(folder, "main.c"), mainOf(ir, built))
  const [compiler, ...first] = options.compiler ?? [own!.program, ...own!.args]
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith(".c") && !path.endsWith("_device.c"))
  const args = [
    ...first,
    "-std=c99",
    ...STRICT,
    ...(options.flags ?? SANITIZED),
    ...left,
    "-Isrc",
    "-o",
    "harness",
    "main.c",
    ...sources,
  ]
  const compiled = spawnSync(compiler!, args, { cwd: folder, env, encoding: "utf8" })
  if (compiled.status !== 0) throw new Error(compiled.stderr || String(compiled.error))
  const names = ir.messages.map(({ name }) => name)
  const [program, ...rest] = [...(options.runner ?? []), join(folder, "harness")]
  return {
    judge(payloads) {
      const input = payloads
        .map(({ message, format, octets }) => {
          const hex = Buffer.from(octets).toString("hex")
          return `${names.indexOf(message)} ${FORMATS.indexOf(format as (typeof FORMATS)[number])} ${hex}\n`
        })
        .join("")
      const ran = spawnSync(program!, rest, { input, env, encoding: "utf8", maxBuffer: 1 << 30 })
      if (ran.status !== 0) throw new Error(`the harness ended with ${ran.status ?? ran.signal}: ${ran.stderr}`)
      const lines = ran.stdout.split("\n").slice(0, -1)
      if (lines.length !== payloads.length) throw new Error(`${lines.length} lines for ${payloads.length} payloads`)
      return lines.map((line) => {
        const [status, path, json, compact, protobuf, text] = line.split("|")
        return {
          status: Number(status),
          path: path!,
          encoded: { json: json!, compact: compact!, protobuf: protobuf!, text: text! },
        }
      })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Reads lines of message, format and hex; answers each with status, path and the value in every format. */
function mainOf(ir: ContractIr, built: readonly boolean[]): string {
  const { names, messages } = modelOf(ir)
  const cases = messages.map(({ object }, index) => {
    const name = `${names.prefix}_${object.name}`
    return `  case ${index}: {
    ${name}_t value;
    status = (int)${name}_decode(&in, &value);
    ${name}_path(in.field, path, sizeof path);
    if (status == 0) {
      for (f = 1; f <= 4; f++) {
        fw_writer_t out = fw_writer((fw_format_t)f, whole, sizeof whole);
        if (!built[f - 1]) continue;
        if (${name}_encode(&out, &value) != FW_OK) continue;
        lengths[f - 1] = fw_written(&out);
        copy = (uint8_t *)malloc(lengths[f - 1] + 1);
        memcpy(copy, whole, lengths[f - 1]);
        copies[f - 1] = copy;
        /* A buffer that is too short, down to none, is never written past its end. */
        for (cut = lengths[f - 1] > 12 ? lengths[f - 1] - 12 : 0; cut <= lengths[f - 1]; cut++) {
          uint8_t *small = (uint8_t *)malloc(cut + (cut == 0));
          out = fw_writer((fw_format_t)f, small, cut);
          int got = (int)${name}_encode(&out, &value);
          if (got != (cut == lengths[f - 1] ? FW_OK : FW_SPACE)) fail("space", got);
          if (got == 0 && memcmp(small, whole, cut) != 0) fail("differs", 0);
          free(small);
        }
      }
    }
    break;
  }`
  })
  return `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "${names.prefix}_messages.h"

static const int built[4] = {${built.map(Number).join(", ")}};
static char line[400000];
static uint8_t whole[100000];
static void fail(const char *what, int got) { fprintf(stderr, "%s %d %s", what, got, line); exit(3); }
static int nibble(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

int main(void)
{
  while (fgets(line, sizeof line, stdin)) {
    char *p = line;
    unsigned long message = strtoul(p, &p, 10);
    unsigned long format = strtoul(p, &p, 10);
    size_t n = 0, i, cut;
    int status = -1, f;
    char path[200] = "";
    uint8_t *data, *copies[4] = {0, 0, 0, 0}, *copy;
    size_t lengths[4] = {0, 0, 0, 0};
    p++;
    while (p[n] > ' ') n++;
    n /= 2;
    /* Exactly as long as the payload, so that a read or write beyond it is seen. */
    data = (uint8_t *)malloc(n + (n == 0));
    for (i = 0; i < n; i++) data[i] = (uint8_t)(nibble(p[2 * i]) << 4 | nibble(p[2 * i + 1]));
    fw_reader_t in = fw_reader((fw_format_t)(format + 1), data, n);
    switch (message) {
${cases.join("\n")}
    default: break;
    }
    printf("%d|%s", status, path);
    for (f = 0; f < 4; f++) {
      putchar('|');
      for (i = 0; i < lengths[f]; i++) printf("%02x", copies[f][i]);
      free(copies[f]);
    }
    putchar('\\n');
    free(data);
  }
  return 0;
}
`
}
