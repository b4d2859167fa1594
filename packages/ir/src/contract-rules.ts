import type { ContractIr } from "./contract-ir.js"
import { compilePattern } from "./pattern.js"
import type { ReportMisfit } from "./schema-check.js"
import type { ObjectIr, TypeIr, UnionIr } from "./type-ir.js"
import { contractLegs, topicParamNames, walkType } from "./walk.js"

/** What a schema cannot say about a contract: names that refer to nothing, circles, names and numbers given twice. */
export function checkContractRules(ir: ContractIr, report: ReportMisfit): void {
  const messages = new Set(ir.messages.map((message) => message.name))
  const legs = contractLegs(ir)
  const legIds = new Set(legs.map((place) => place.id))
  const channels = new Set(ir.channels.map((channel) => channel.name))
  checkUnique(ir.params, "name", "/params", report)
  checkUnique(ir.messages, "name", "/messages", report)
  checkUnique(ir.channels, "name", "/channels", report)
  checkUnique(ir.roles, "name", "/roles", report)
  const params = new Set(ir.params.map((param) => param.name))
  if (!params.has(ir.device.param)) report("/device/param", `names no param: ${JSON.stringify(ir.device.param)}`)
  for (const [index, param] of ir.params.entries()) checkPatternOf(param.pattern, `/params/${index}/pattern`, report)
  for (const [index, message] of ir.messages.entries())
    checkType(message.type, `/messages/${index}/type`, messages, report)
  checkCircles(ir, report)
  for (const [index, channel] of ir.channels.entries()) {
    const path = `/channels/${index}`
    checkUnique(channel.legs, "name", `${path}/legs`, report)
    for (const [at, leg] of channel.legs.entries()) {
      const here = `${path}/legs/${at}`
      if (!messages.has(leg.message)) report(`${here}/message`, `names no message: ${JSON.stringify(leg.message)}`)
      if (!leg.accepts.includes(leg.sends)) report(`${here}/sends`, "is not among the accepted formats")
      for (const name of topicParamNames(leg.topic))
        if (!params.has(name)) report(`${here}/topic`, `names no param: ${JSON.stringify(name)}`)
    }
    if ("deadLetter" in channel && !channels.has(String(channel.deadLetter)))
      report(`${path}/deadLetter`, `names no channel: ${JSON.stringify(channel.deadLetter)}`)
    if (channel.kind === "broadcast" && channel.as !== undefined) {
      const target = ir.channels.find((one) => one.name === channel.as)
      if (target?.kind !== "command") report(`${path}/as`, `names no command: ${JSON.stringify(channel.as)}`)
    }
  }
  for (const [index, role] of ir.roles.entries()) {
    if (role.probe !== undefined && !channels.has(role.probe))
      report(`/roles/${index}/probe`, `names no channel: ${JSON.stringify(role.probe)}`)
    for (const list of ["publish", "read"] as const)
      for (const [at, id] of role[list].entries())
        if (!legIds.has(id)) report(`/roles/${index}/${list}/${at}`, `names no leg: ${JSON.stringify(id)}`)
    for (const [at, name] of role.bind.entries())
      if (!params.has(name)) report(`/roles/${index}/bind/${at}`, `names no param: ${JSON.stringify(name)}`)
  }
}

/** Walks a type with the JSON Pointer of the contract, not of a value. */
function checkType(type: TypeIr, path: string, messages: ReadonlySet<string>, report: ReportMisfit): void {
  switch (type.kind) {
    case "ref":
      if (!messages.has(type.message)) report(`${path}/message`, `names no message: ${JSON.stringify(type.message)}`)
      break
    case "int":
      if (BigInt(type.min) > BigInt(type.max)) report(path, "has min above max")
      break
    case "float":
      if (type.min !== undefined && type.max !== undefined && type.min > type.max) report(path, "has min above max")
      break
    case "string":
      checkPatternOf(type.pattern, `${path}/pattern`, report)
      break
    case "enum":
      checkUnique(type.values, "name", `${path}/values`, report)
      checkUnique(type.values, "number", `${path}/values`, report)
      break
    case "list":
      checkType(type.item, `${path}/item`, messages, report)
      break
    case "map":
      checkPatternOf(type.keyPattern, `${path}/keyPattern`, report)
      checkType(type.value, `${path}/value`, messages, report)
      break
    case "object":
      checkObject(type, path, messages, report)
      break
    case "union":
      checkUnion(type, path, messages, report)
      break
    case "bool":
    case "bytes":
    case "const":
      break
  }
}

function checkObject(type: ObjectIr, path: string, messages: ReadonlySet<string>, report: ReportMisfit): void {
  checkUnique(type.fields, "name", `${path}/fields`, report)
  checkUnique(type.fields, "number", `${path}/fields`, report)
  const keys = type.fields.map((field) => ({ key: field.short ?? field.name }))
  checkUnique(keys, "key", `${path}/fields`, report)
  for (const [index, field] of type.fields.entries()) {
    const here = `${path}/fields/${index}`
    if (field.required && field.nullAsAbsent) report(`${here}/nullAsAbsent`, "stands on a required field")
    if (field.required && field.default !== undefined) report(`${here}/default`, "stands on a required field")
    if (type.reserved?.numbers.includes(field.number)) report(`${here}/number`, "is reserved")
    checkType(field.type, `${here}/type`, messages, report)
  }
}

function checkUnion(type: UnionIr, path: string, messages: ReadonlySet<string>, report: ReportMisfit): void {
  checkUnique(type.branches, "value", `${path}/branches`, report)
  checkUnique(type.branches, "number", `${path}/branches`, report)
  for (const [index, branch] of type.branches.entries()) {
    const here = `${path}/branches/${index}/type`
    if (branch.type.fields.some((field) => field.name === type.tag || field.short === type.tag))
      report(here, `has the tag ${JSON.stringify(type.tag)} as a field`)
    checkObject(branch.type, here, messages, report)
  }
}

function checkPatternOf(pattern: string | undefined, path: string, report: ReportMisfit): void {
  if (pattern === undefined) return
  const compiled = compilePattern(pattern)
  if (!compiled.ok) report(path, `at ${compiled.issue.position}: ${compiled.issue.message}`)
}

function checkUnique<T>(items: readonly T[], key: keyof T & string, path: string, report: ReportMisfit): void {
  const seen = new Set<T[keyof T & string]>()
  for (const [index, item] of items.entries()) {
    if (seen.has(item[key])) report(`${path}/${index}`, `has the ${key} ${JSON.stringify(item[key])} a second time`)
    seen.add(item[key])
  }
}

/** A message that contains itself would have values without end. */
function checkCircles(ir: ContractIr, report: ReportMisfit): void {
  const inside = new Map<string, readonly string[]>()
  for (const message of ir.messages) {
    const names: string[] = []
    walkType(message.type, (type) => {
      if (type.kind === "ref") names.push(type.message)
    })
    inside.set(message.name, names)
  }
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name]
    if (done.has(name)) return undefined
    for (const next of inside.get(name) ?? []) {
      const circle = visit(next, [...trail, name])
      if (circle !== undefined) return circle
    }
    done.add(name)
    return undefined
  }
  for (const [index, message] of ir.messages.entries()) {
    const circle = visit(message.name, [])
    if (circle === undefined) continue
    report(`/messages/${index}/type`, `contains itself: ${circle.join(" → ")}`)
    return
  }
}
