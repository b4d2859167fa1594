import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { compileAccess, emitDynsecCommands, emitMosquittoAcl, type Principal } from "@fleetwire/codegen"
import {
  type AttackIdentity,
  attackAccess,
  type BrokerRules,
  connectRaw,
  startAttackBroker,
} from "@fleetwire/conformance"
import type { ContractIr } from "@fleetwire/ir"
import { beforeAll, describe, expect, it } from "vitest"
import { createScratch } from "../test/scratch.js"

const schemas = fileURLToPath(new URL("../../../schemas", import.meta.url))
const lock = `${schemas}/iot-car/contract.lock.json`
const people = `${schemas}/iot-car/principals.json`
const page = fileURLToPath(new URL("../../../apps/docs/handbook/access.md", import.meta.url))

let ir: ContractIr
let principals: readonly Principal[]
let identities: readonly AttackIdentity[]

beforeAll(async () => {
  ir = (JSON.parse(await readFile(lock, "utf8")) as { ir: ContractIr }).ir
  principals = JSON.parse(await readFile(people, "utf8")) as readonly Principal[]
  identities = principals.map(({ name, role, bind }) => ({
    name,
    role,
    password: `password of ${name}`,
    bind: role === "device" ? { carId: [name] } : (bind ?? {}),
  }))
})

async function fleetwire(...argv: string[]) {
  const scratch = await createScratch()
  try {
    return await scratch.fleetwire(argv)
  } finally {
    await scratch.remove()
  }
}

/** Attacks rules by one identity, and gives what did not come out as the contract says. */
async function wrongWith(rules: BrokerRules, attackers: readonly string[]): Promise<readonly string[]> {
  // Dynamic security admits each device under its client id only.
  const all = identities.map((one) =>
    rules.kind === "dynamic-security" && one.role === "device"
      ? { ...one, clientId: `iot-car.device.${one.name}` }
      : one,
  )
  const { url, witness, lateWitness, stop } = await startAttackBroker(rules, all)
  try {
    const { cells } = await attackAccess({ ir, url, mqtt: "5", identities: all, witness, lateWitness, attackers })
    return cells.filter(({ ok }) => !ok).map(({ operation, target }) => `${operation} ${target}`)
  } finally {
    await stop()
  }
}

describe("the rules of the car fleet, attacked (X-1, X-2)", () => {
  it("hold at MQTT 3.1.1 and 5, as an ACL file and as dynamic security, and the handbook shows the tables", async () => {
    const tables: string[] = []
    for (const format of ["acl", "dynsec"]) {
      const argv = ["access", lock, "--principals", people, "--attack", "--format", format]
      const { code, out, err } = await fleetwire(...argv)
      expect([code, err], out).toEqual([0, ""])
      tables.push(out.trim())
    }
    const text = await readFile(page, "utf8")
    const [before, rest = ""] = text.split("<!-- attack: begin -->\n")
    const [, after] = rest.split("<!-- attack: end -->")
    const fresh = `${before}<!-- attack: begin -->\n\n${tables.join("\n\n")}\n\n<!-- attack: end -->${after}`
    if (process.env.FLEETWIRE_UPDATE_GOLDEN === "1") await writeFile(page, fresh)
    else expect(text).toBe(fresh)
  })

  it("hold for devices by pattern, where every topic names its device", async () => {
    const home = `${schemas}/home/contract.lock.json`
    const argv = ["access", home, "--devices", "pattern", "--principal", "EVE", "--role", "resident", "--attack"]
    expect(await fleetwire(...argv)).toMatchObject({ code: 0, err: "" })
    const byClientId = await fleetwire(...argv, "--identity", "client-id", "--mqtt", "5")
    expect(byClientId.code, byClientId.err).toBe(0)
  })

  it("fail by client id on a broker that lets clients choose it", async () => {
    const rules = compileAccess(ir, [{ name: "every device", role: "device", pattern: "%c" }])
    const wrong = await wrongWith({ kind: "acl", text: emitMosquittoAcl(rules) }, ["wall-display"])
    expect(wrong).toContain("client id car-001")
  })

  it("fail by pattern, as the finding says, where a topic names no device", async () => {
    const argv = ["access", lock, "--devices", "pattern", "--principal", "Eve", "--role", "dashboard", "--attack"]
    const { code, err } = await fleetwire(...argv, "--mqtt", "5")
    expect(code).toBe(1)
    expect(err).toContain("Eve may not and could: read iot-car/fleet/broadcast")
    expect(err).toContain("access/pattern-everyone")
  })
})

interface Mutation {
  readonly name: string
  readonly attacker: string
  readonly rules: BrokerRules
}

/** Each line of the ACL file left out, given both directions, and widened from one car to all. */
function aclMutations(): readonly Mutation[] {
  const lines = emitMosquittoAcl(compileAccess(ir, principals)).split("\n")
  let attacker = ""
  return lines.flatMap((line, at): readonly Mutation[] => {
    if (line.startsWith("user ")) attacker = line.slice(5)
    if (!line.startsWith("topic ")) return []
    const [, verb = "", topic = ""] = line.split(" ")
    const wider = topic.replace(/car-00[12]/, "+")
    const changes = [
      { name: `without ${line}`, instead: [] },
      ...(verb === "readwrite" ? [] : [{ name: `both ways: ${line}`, instead: [`topic readwrite ${topic}`] }]),
      ...(wider === topic ? [] : [{ name: `for all: ${line}`, instead: [`topic ${verb} ${wider}`] }]),
    ]
    return changes.map(({ name, instead }) => ({
      name: `${attacker}, ${name}`,
      attacker,
      rules: { kind: "acl", text: [...lines.slice(0, at), ...instead, ...lines.slice(at + 1)].join("\n") },
    }))
  })
}

interface Role {
  readonly command: string
  readonly rolename: string
  readonly acls: readonly { readonly acltype: string; readonly topic: string; readonly allow: boolean }[]
}

/** Each entry of each role left out, and widened from one car to all. */
function dynsecMutations(): readonly Mutation[] {
  const { commands } = emitDynsecCommands(compileAccess(ir, principals))
  return commands.flatMap((command, at): readonly Mutation[] => {
    if (command.command !== "modifyRole") return []
    const { rolename, acls } = command as unknown as Role
    const attacker = rolename.split(".").at(-1)!
    return acls.flatMap((acl, index) => {
      // What an SDK asks for is granted besides: leaving it out or widening it changes nothing that is delivered.
      const only = acl.acltype.startsWith("publish")
      const wider = acl.topic.replace(/car-00[12]/, "+")
      const changes = [
        ...(only || acl.topic.includes("+") ? [{ name: "without", instead: [] as object[] }] : []),
        ...(only && wider !== acl.topic ? [{ name: "for all:", instead: [{ ...acl, topic: wider }] }] : []),
      ]
      return changes.map(({ name, instead }) => ({
        name: `${attacker}, ${name} ${acl.acltype} ${acl.topic}`,
        attacker,
        rules: {
          kind: "dynamic-security",
          commands: commands.map((one, place) =>
            place === at ? { ...one, acls: [...acls.slice(0, index), ...instead, ...acls.slice(index + 1)] } : one,
          ),
        },
      }))
    })
  })
}

describe("a rule that is too wide or too narrow turns the attack red (X-2)", () => {
  // All of them: FLEETWIRE_ALL_MUTATIONS=1, two minutes.
  const all = process.env.FLEETWIRE_ALL_MUTATIONS === "1"

  it.each([
    { kind: "ACL file", mutations: aclMutations, step: 17 },
    { kind: "dynamic security", mutations: dynsecMutations, step: 19 },
  ])("$kind", { timeout: 600_000 }, async ({ mutations, step }) => {
    const chosen = mutations().filter((_, index) => all || index % step === 0)
    const survivors: string[] = []
    for (const { name, attacker, rules } of chosen) {
      if ((await wrongWith(rules, [attacker])).length === 0) survivors.push(name)
    }
    expect(survivors).toEqual([])
    expect(chosen.length).toBeGreaterThan(5)
  })
})

describe("what rules cannot prevent, as the handbook says", () => {
  const group = "$share/readers/iot-car/+/telemetry"

  async function sharedLosses(rules: BrokerRules): Promise<number> {
    const { url, witness, stop } = await startAttackBroker(rules, identities)
    try {
      const account = (name: string) => ({ username: name, password: `password of ${name}`, clientId: name })
      const reader = await connectRaw({ url, ...witness, clientId: "reader" })
      await reader.subscribe(group)
      const thief = await connectRaw({ url, ...account("user-456") })
      await thief.subscribe(group)
      const sender = await connectRaw({ url, ...witness, clientId: "sender" })
      for (let n = 0; n < 10; n += 1) await sender.publish("iot-car/car-001/telemetry", `${n}`, { qos: 1 })
      await sender.publish("iot-car/car-001/telemetry", "end", { qos: 1 })
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(thief.messages).toEqual([])
      const got = reader.messages.length
      for (const client of [reader, thief, sender]) client.destroy()
      return 11 - got
    } finally {
      await stop()
    }
  }

  it("an ACL file cannot keep others out of a shared group, whose messages are then lost; dynamic security does", async () => {
    const rules = compileAccess(ir, principals)
    expect(await sharedLosses({ kind: "acl", text: emitMosquittoAcl(rules) })).toBeGreaterThan(0)
    expect(await sharedLosses({ kind: "dynamic-security", commands: emitDynsecCommands(rules).commands })).toBe(0)
  })

  it("an ACL file cannot keep a client id for its owner; dynamic security does (S-1)", async () => {
    const rules = compileAccess(ir, principals)
    const takeOver = async (installed: BrokerRules) => {
      const { url, stop } = await startAttackBroker(installed, identities)
      try {
        const clientId = "iot-car.device.car-001"
        const as = (name: string) => connectRaw({ url, username: name, password: `password of ${name}`, clientId })
        const owner = await as("car-001")
        const other = await as("car-002")
        const code = other.connack.reasonCode
        await new Promise((resolve) => setTimeout(resolve, 100))
        const ownerLives = owner.open
        for (const client of [owner, other]) client.destroy()
        return { code, ownerLives }
      } finally {
        await stop()
      }
    }
    expect(await takeOver({ kind: "acl", text: emitMosquittoAcl(rules) })).toEqual({ code: 0, ownerLives: false })
    const commands = emitDynsecCommands(rules).commands
    expect(await takeOver({ kind: "dynamic-security", commands })).toMatchObject({ ownerLives: true })
  })
})
