import { expect, it } from "vitest"
import { completeContract } from "../../test/fixture/complete-contract.js"
import { type AccessRules, compileAccess } from "./compile-access.js"
import { emitDynsecCommands } from "./dynamic-security.js"
import { emitMosquittoAcl, mosquittoAclFindings } from "./mosquitto-acl.js"
import type { Principal } from "./principal.js"

/** Cars with a config of their own and of the fleet, logs that name no car, and an app that is bound to its cars. */
const ir = completeContract({
  name: "cars",
  params: [{ name: "carId", pattern: "car-[0-9]{3}", maxLength: 7, reserved: ["fleet"] }, { name: "wheel" }],
  messages: [{ name: "Word", fields: { word: { kind: "bool" } } }],
  channels: [
    {
      name: "status",
      kind: "presence",
      from: "device",
      legs: [{ name: "message", from: "device", topic: "cars/{carId}/status", message: "Word" }],
    },
    {
      name: "pressure",
      kind: "state",
      from: "device",
      legs: [{ name: "message", from: "device", topic: "cars/{carId}/wheels/{wheel}", message: "Word" }],
    },
    {
      name: "drive",
      kind: "command",
      from: "controller",
      legs: [
        { name: "request", from: "controller", topic: "cars/{carId}/command", message: "Word" },
        { name: "reply", from: "device", topic: "cars/{carId}/response", message: "Word" },
      ],
    },
    {
      name: "config",
      kind: "config",
      from: "controller",
      legs: [
        { name: "desired", from: "controller", topic: "cars/{carId}/config", message: "Word" },
        { name: "fleet", from: "controller", topic: "cars/fleet/config", message: "Word" },
        { name: "reported", from: "device", topic: "cars/{carId}/config/reported", message: "Word" },
      ],
    },
    {
      name: "log",
      kind: "event",
      from: "device",
      legs: [
        { name: "message", from: "device", topic: "cars-log", message: "Word", qos: 1, acknowledge: "on-handled" },
      ],
    },
  ],
  roles: [
    { name: "app", publish: ["drive.request"], read: ["drive.reply", "status.message"], bind: ["carId"] },
    { name: "mechanic", publish: ["config.desired"], read: ["config.reported", "pressure.message"] },
    { name: "watcher", publish: ["config.fleet"], read: ["config.desired"] },
    { name: "auditor", read: ["log.message", "status.message"], bind: ["carId"] },
  ],
})

const rules = (...principals: Principal[]) => compileAccess(ir, principals)
const lines = (compiled: AccessRules) => emitMosquittoAcl(compiled).split("\n\n").slice(1).join("\n\n")
const acl = (...principals: Principal[]) => lines(rules(...principals))

it("gives a device its own topics, the fleet's, and its own presence to watch (X-1, P-4)", () => {
  expect(acl({ name: "car-001", role: "device" })).toBe(`# device
user car-001
topic write cars-log
topic read cars/car-001/command
topic read cars/car-001/config
topic write cars/car-001/config/reported
topic write cars/car-001/response
topic readwrite cars/car-001/status
topic write cars/car-001/wheels/+
topic read cars/fleet/config
`)
})

it("gives a bound role the topics of its values, replies included, behind the deployment's prefix (X-1, T-4)", () => {
  const compiled = compileAccess(ir, [{ name: "ada", role: "app", bind: { carId: ["car-007", "car-001"] } }], {
    prefix: "acme/staging",
  })
  expect(lines(compiled)).toBe(`# app
user ada
topic write acme/staging/cars/car-001/command
topic read acme/staging/cars/car-001/response
topic read acme/staging/cars/car-001/status
topic write acme/staging/cars/car-007/command
topic read acme/staging/cars/car-007/response
topic read acme/staging/cars/car-007/status
`)
})

it("takes out of a wildcard what only others may", () => {
  expect(acl({ name: "meg", role: "mechanic" })).toBe(`# mechanic
user meg
topic deny cars/fleet/config
topic write cars/+/config
topic read cars/+/config/reported
topic read cars/+/wheels/+
`)
})

it("says where an ACL file cannot take it out, and dynamic security does", () => {
  const compiled = rules({ name: "will", role: "watcher" })
  expect(mosquittoAclFindings(compiled)).toMatchObject([{ code: "access/too-wide", principal: "will" }])
  expect(emitMosquittoAcl(compiled)).not.toContain("deny")
  const [, , role] = emitDynsecCommands(compiled).commands
  expect(role).toEqual({
    command: "modifyRole",
    rolename: "cars.watcher.will",
    acls: [
      { acltype: "publishClientReceive", topic: "cars/fleet/config", allow: false, priority: 1 },
      { acltype: "publishClientReceive", topic: "cars/+/config", allow: true, priority: 0 },
      { acltype: "publishClientSend", topic: "cars/fleet/config", allow: true, priority: 0 },
      { acltype: "subscribePattern", topic: "cars/+/config", allow: true, priority: 0 },
    ],
  })
})

it("binds the client id of whoever has exactly one (S-1)", () => {
  const compiled = rules(
    { name: "car-001", role: "device" },
    { name: "meg", role: "mechanic", instance: "bench-1" },
    { name: "mia", role: "mechanic" },
    // Whoever calls has a second connection.
    { name: "ada", role: "app", bind: { carId: ["car-001"] }, instance: "phone" },
    // So has whoever handles logs and watches presence.
    { name: "max", role: "auditor", bind: { carId: ["car-001"] }, instance: "office" },
  )
  expect(compiled.principals.map(({ clientId }) => clientId)).toEqual([
    "cars.device.car-001",
    "cars.mechanic.bench-1",
    undefined,
    undefined,
    undefined,
  ])
})

it("lets a bound role subscribe to what its SDK asks for, and receive its own", () => {
  const [, , role] = emitDynsecCommands(rules({ name: "ada", role: "app", bind: { carId: ["car-001"] } })).commands
  expect(role).toMatchObject({
    acls: [
      { acltype: "publishClientReceive", topic: "cars/car-001/response" },
      { acltype: "publishClientReceive", topic: "cars/car-001/status" },
      { acltype: "publishClientSend", topic: "cars/car-001/command" },
      { acltype: "subscribeLiteral", topic: "cars/+/response" },
      { acltype: "subscribeLiteral", topic: "cars/+/status" },
      { acltype: "subscribePattern", topic: "cars/car-001/response" },
      { acltype: "subscribePattern", topic: "cars/car-001/status" },
    ],
  })
})

it("prints patterns for every device, after the users", () => {
  const text = acl({ name: "every device", role: "device", pattern: "%u" }, { name: "meg", role: "mechanic" })
  expect(text.indexOf("pattern")).toBeGreaterThan(text.lastIndexOf("topic"))
  expect(text).toContain("pattern readwrite cars/%u/status\n")
})

it.each([
  { given: { name: "", role: "app" }, code: "access/principal-name" },
  { given: { name: "ada\ntopic readwrite #", role: "mechanic" }, code: "access/principal-name" },
  { given: { name: "+", role: "mechanic" }, code: "access/principal-name" },
  { given: { name: "a/b", role: "mechanic" }, code: "access/principal-name" },
  { given: { name: " ada", role: "mechanic" }, code: "access/principal-name" },
  { given: { name: "ada", role: "nobody" }, code: "access/role-unknown" },
  { given: { name: "ada", role: "app" }, code: "access/bind-missing" },
  { given: { name: "ada", role: "app", bind: { carId: [] } }, code: "access/bind-missing" },
  { given: { name: "ada", role: "app", bind: { carId: ["car-001"], what: ["x"] } }, code: "access/bind-unknown" },
  { given: { name: "ada", role: "app", bind: { carId: ["car-1"] } }, code: "access/bind-value" },
  { given: { name: "ada", role: "app", bind: { carId: ["fleet"] } }, code: "access/bind-value" },
  { given: { name: "ada", role: "app", bind: { carId: ["#"] } }, code: "access/bind-value" },
  { given: { name: "fleet", role: "device" }, code: "access/bind-value" },
])("refuses $given with $code, and gives no rules", ({ given, code }) => {
  const { principals, findings } = rules(given)
  expect(findings.map((finding) => [finding.code, finding.severity])).toContainEqual([code, "error"])
  expect(principals).toEqual([])
})

it.each([
  { given: [{ name: "car-001", role: "device" }], codes: ["access/no-identity"] },
  {
    given: [{ name: "max", role: "auditor", bind: { carId: ["car-001"] } }],
    codes: ["access/unbound-topic"],
  },
  {
    given: [
      { name: "meg", role: "mechanic" },
      { name: "meg", role: "mechanic" },
    ],
    codes: ["access/principal-twice"],
  },
  {
    given: [
      { name: "every device", role: "device", pattern: "%c" as const },
      { name: "car-999", role: "mechanic" },
    ],
    codes: [
      "access/pattern-write-everyone",
      "access/pattern-everyone",
      "access/pattern-name",
      "access/pattern-client-id",
    ],
  },
])("says of $given: $codes", ({ given, codes }) => {
  expect(rules(...given).findings.map(({ code }) => code)).toEqual(codes)
})

it("refuses a prefix that no topic can have", () => {
  expect(() => compileAccess(ir, [], { prefix: "acme/#" })).toThrow(RangeError)
})
