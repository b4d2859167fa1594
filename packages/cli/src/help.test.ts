import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { createScratch } from "../test/scratch.js"
import { COMMANDS } from "./command-list.js"
import { HELP_PAGES } from "./help-pages.js"

const names = Object.keys(COMMANDS)

async function fleetwire(...argv: readonly string[]) {
  const scratch = await createScratch()
  try {
    return await scratch.fleetwire(argv)
  } finally {
    await scratch.remove()
  }
}

describe("help", () => {
  it("has a page for every command, in the same order", () => {
    expect(Object.keys(HELP_PAGES)).toEqual(names)
  })

  it.each(names)("names exactly the options that %s takes", async (name) => {
    const { options } = await COMMANDS[name]!()
    const said = HELP_PAGES[name]!.options
    expect(said.map((one) => one.name).sort()).toEqual(Object.keys(options).sort())
    for (const { name: option, value, short } of said) {
      expect([option, value !== undefined]).toEqual([option, options[option]!.type === "string"])
      expect(short).toBe(options[option]!.short)
    }
  })

  it.each(names)("of %s shows what can be tried, in lines that fit a terminal", async (name) => {
    const { code, out } = await fleetwire(name, "--help")
    expect(code).toBe(0)
    expect(out).toContain(`fleetwire ${name}`)
    expect(out).toContain("Examples")
    expect(await fleetwire("help", name)).toEqual({ code, out, err: "" })
    for (const line of out.split("\n")) if (!line.startsWith("  fleetwire")) expect(line.length).toBeLessThan(100)
  })

  it("knows no command that is not there", async () => {
    expect(await fleetwire("help", "nonsense")).toMatchObject({ code: 2, err: expect.stringContaining("no command") })
  })
})

describe("completion", () => {
  const installed = (shell: string) => spawnSync(shell, ["--version"]).error === undefined

  it.each(["bash", "zsh", "fish"])("names every command and option for %s", async (shell) => {
    const { code, out } = await fleetwire("completion", shell)
    expect(code).toBe(0)
    for (const name of names) expect(out).toContain(name)
    for (const { name } of HELP_PAGES.verify!.options) expect(out).toContain(name)
    // A shell that is here reads the script without a word.
    if (installed(shell)) expect(spawnSync(shell, ["-n"], { input: out, encoding: "utf8" }).stderr).toBe("")
  })

  it("completes in bash", async () => {
    const { out } = await fleetwire("completion", "bash")
    const complete = (...words: readonly string[]) => {
      const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _fleetwire; printf '%s\\n' "\${COMPREPLY[@]}"`
      return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trim().split("\n")
    }
    expect(complete("fleetwire", "gen")).toEqual(["generate"])
    expect(complete("fleetwire", "generate", "--ch")).toEqual(["--check"])
    expect(complete("fleetwire", "access", "--format", "d")).toEqual(["dynsec"])
    expect(complete("fleetwire", "verify", "dev")).toContain("device")
  })

  it("refuses another shell", async () => {
    expect((await fleetwire("completion", "tcsh")).code).toBe(2)
  })
})
