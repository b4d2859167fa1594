import type { CheckScope } from "./check-scope.js"

/** A role's probe must come back to it, behind everything that the broker stored on the presence topics (P-5). */
export function checkProbe({ ir, drafts, report, place }: CheckScope): void {
  const presence = drafts.find(({ kind }) => kind === "presence")?.legs[0]
  for (const role of ir.roles) {
    const { probe } = role
    if (probe === undefined) continue
    const at = { path: `roles.${role.name}.probe`, at: place.at }
    const add = (problem: string): void => report.add("contract/probe", at, { probe, problem })
    const target = drafts.find(({ name }) => name === probe)
    const leg = target?.legs[0]
    if (target === undefined || leg === undefined) add("is no channel")
    else if ((target.kind !== "telemetry" && target.kind !== "event") || target.from !== "controller") {
      add("is no telemetry or event from the controller")
    } else if (leg.topic.includes("{")) add("has a param in its topic")
    else if (presence !== undefined && leg.qos !== presence.qos) {
      add(`has QoS ${leg.qos}, and presence has ${presence.qos}: only what has the same QoS stays in order`)
    } else if (!role.publish.includes(`${probe}.message`) || !role.read.includes(`${probe}.message`)) {
      add("is not both published and read by the role")
    } else {
      const type = ir.messages.find(({ name }) => name === leg.message)?.type
      const fields = type?.kind === "object" ? type.fields : []
      if (!fields.some(({ auto }) => auto === "id")) add('has no field with `auto: "id"` to know it again by')
      else if (fields.some((field) => field.required && field.auto === undefined)) {
        add("has a required field that is not filled in by itself")
      }
    }
  }
}
