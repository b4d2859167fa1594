import type { CheckScope } from "./check-scope.js"

/** Legs that nobody may use, and commands whose sender is deaf. */
export function checkRoles({ ir, drafts, report }: CheckScope): void {
  for (const { name, legs, kind, accept } of drafts) {
    for (const leg of legs) {
      const id = `${name}.${leg.name}`
      const readers = ir.roles.filter(({ read }) => read.includes(id))
      const writers = ir.roles.filter(({ publish }) => publish.includes(id))
      if (leg.from === "device" && readers.length === 0)
        report.add("contract/nobody-reads", leg.place, { leg: id }, accept)
      if (leg.from === "controller" && writers.length === 0) {
        report.add("contract/nobody-publishes", leg.place, { leg: id }, accept)
      }
    }
    const request = legs.find((leg) => leg.name === "request")
    const reply = legs.find((leg) => leg.name === "reply")
    if (request === undefined || reply === undefined) continue
    const replyId = `${name}.reply`
    for (const role of ir.roles) {
      const place = { path: `roles.${role.name}`, at: request.place.at }
      const asks = role.publish.includes(`${name}.request`)
      if (request.from === "controller" && asks && !role.read.includes(replyId)) {
        report.add(
          "contract/reply-unreadable",
          place,
          { role: role.name, command: name, reply: kind === "command" ? name : replyId },
          accept,
        )
      }
      const serves = role.read.includes(`${name}.request`) && role.publish.length > 0
      const anyServer = ir.roles.some(({ publish }) => publish.includes(replyId))
      if (request.from === "device" && serves && !anyServer) {
        report.add("contract/reply-unwritable", place, { role: role.name, command: name, reply: replyId }, accept)
      }
    }
  }
}
