import { execFile } from "node:child_process"
import { connect } from "node:net"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { brokerForTests } from "./broker-for-tests.js"
import { runCommand } from "./run-command.js"
import { startMosquitto } from "./start-mosquitto.js"

it("carries a message from mosquitto_pub to mosquitto_sub", async () => {
  const broker = await brokerForTests()
  const { install, port } = broker
  const args = ["-h", "127.0.0.1", "-p", String(port), "-t", "lab/retained"]
  const published = await runCommand(install.publisher!, [...args, "-m", "hello", "-r", "-q", "1"], {
    env: install.env,
  })
  expect(published).toMatchObject({ code: 0 })
  const received = await runCommand(install.subscriber!, [...args, "-C", "1", "-W", "5"], { env: install.env })
  expect(received).toMatchObject({ code: 0, stdout: "hello\n" })
})

it("keeps retained messages over an orderly restart when persistence is on", async () => {
  const broker = await startMosquitto({ persistence: true })
  try {
    const args = ["-h", "127.0.0.1", "-p", String(broker.port), "-t", "kept"]
    const env = broker.install.env
    await runCommand(broker.install.publisher!, [...args, "-m", "x", "-r", "-q", "1"], { env })
    const port = broker.port
    await broker.restart()
    expect(broker.port).toBe(port)
    const received = await runCommand(broker.install.subscriber!, [...args, "-C", "1", "-W", "5"], { env })
    expect(received.stdout).toBe("x\n")
  } finally {
    await broker.stop()
  }
  expect(broker.running).toBe(false)
})

it("refuses a wrong password and accepts the right one", async () => {
  const broker = await startMosquitto({ users: { ada: "right" } })
  try {
    const attempt = (password: string) =>
      runCommand(
        broker.install.publisher!,
        ["-h", "127.0.0.1", "-p", String(broker.port), "-t", "a", "-m", "b", "-u", "ada", "-P", password],
        { env: broker.install.env },
      )
    expect((await attempt("wrong")).code).not.toBe(0)
    expect((await attempt("right")).code).toBe(0)
  } finally {
    await broker.stop()
  }
})

it("stands still while paused and dies at once when killed", async () => {
  const broker = await startMosquitto()
  try {
    await broker.pause()
    const state = await runCommand("ps", ["-o", "stat=", "-p", String(broker.pid)])
    expect(state.stdout).toMatch(/^T/)
    await broker.resume()
    await broker.kill()
    expect(broker.running).toBe(false)
    await broker.restart()
    expect(broker.running).toBe(true)
  } finally {
    await broker.stop()
  }
})

it("says why it did not start", async () => {
  await expect(startMosquitto({ settings: { no_such_setting: 1 } })).rejects.toThrow(/no_such_setting/)
})

it("takes the broker along when the process that started it is killed", async () => {
  const source = fileURLToPath(new URL("./start-mosquitto.ts", import.meta.url))
  const script = `
    const { startMosquitto } = await import(${JSON.stringify(source)})
    const broker = await startMosquitto()
    process.stdout.write(broker.pid + " " + broker.port)
    process.kill(process.pid, "SIGKILL")`
  const bundle = await bundled(script)
  const outcome = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", bundle]).catch(
    (error: { stdout: string }) => error,
  )
  const [pid, port] = outcome.stdout.split(" ").map(Number)
  expect(pid).toBeGreaterThan(0)
  await expect.poll(() => isAlive(pid!), { timeout: 5000 }).toBe(false)
  await expect(
    new Promise((resolve, reject) => connect(port!, "127.0.0.1").once("connect", resolve).once("error", reject)),
  ).rejects.toThrow("ECONNREFUSED")
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function bundled(script: string): Promise<string> {
  const { build } = await import("esbuild")
  const result = await build({
    stdin: { contents: script, loader: "js", resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  })
  return result.outputFiles[0]!.text
}
