import { canonicalJson, type JsonValue, type ParamIr, type StringIr, topicParamNames } from "@fleetwire/ir"
import type { ChannelChange, Scope } from "./channel-change.js"
import { admitsText, stringIncludes } from "./compare-strings.js"
import { verdictOf, whoBreaks } from "./judge-leg.js"
import type { LegPair } from "./pair-legs.js"

/** Compares the params that both versions have. */
export function compareParams(legs: readonly LegPair[], scope: Scope): readonly ChannelChange[] {
  return scope.new.params.flatMap((next) => {
    const old = scope.old.params.find(({ name }) => name === next.name)
    return old === undefined ? [] : compareParam(old, next, legs, scope)
  })
}

/** The texts that a param admits, reserved ones aside. */
export function paramText({ pattern, maxLength }: ParamIr): StringIr {
  return { kind: "string", minLength: 1, maxLength, ...(pattern !== undefined && { pattern }) }
}

function compareParam(old: ParamIr, next: ParamIr, legs: readonly LegPair[], scope: Scope): readonly ChannelChange[] {
  const path = `params.${next.name}`
  const found: ChannelChange[] = []
  const users = legs.filter((pair) =>
    [pair.old, pair.new].some(({ leg }) => topicParamNames(leg.topic).includes(next.name)),
  )
  const [before, after] = [paramText(old), paramText(next)]
  const what = `${written(old)} became ${written(next)}`
  const add = (code: ChannelChange["code"], verdict: ChannelChange["verdict"], words: string) =>
    found.push({ code, path, what: words, verdict })
  if (written(old) !== written(next)) {
    const wider = stringIncludes(after, before)
    const narrower = stringIncludes(before, after)
    if (users.length === 0) add("param/unused-changed", "safe", what)
    else if (wider && narrower) add("param/changed", "safe", what)
    else if (!wider) add("param/narrowed", "breaks", what)
    else found.push(...widened("param/widened", what))
  }
  const added = next.reserved.filter((word) => !old.reserved.includes(word))
  const removed = old.reserved.filter((word) => !next.reserved.includes(word))
  if (added.length > 0) {
    const taken = added.filter((word) => admitsText(before, word))
    add(
      "param/reserved-added",
      taken.length > 0 && users.length > 0 ? "breaks" : "safe",
      `${added.join(", ")} became reserved`,
    )
  }
  if (removed.length > 0) {
    const words = `${removed.join(", ")} may be given out`
    if (users.length > 0 && removed.some((word) => admitsText(after, word)))
      found.push(...widened("param/reserved-removed", words))
    else add("param/reserved-removed", "safe", words)
  }
  const notes = ({ doc, examples }: ParamIr) => canonicalJson({ doc, examples } as unknown as JsonValue)
  if (notes(old) !== notes(next)) add("param/annotation-changed", "safe", `what is said about ${next.name} changed`)
  return found

  /** New names come with new devices; new places may come from either side. */
  function widened(code: ChannelChange["code"], words: string): readonly ChannelChange[] {
    const outcomes = { forward: "ok", backward: "refused" } as const
    const senders =
      scope.new.device.param === next.name
        ? ["device" as const]
        : [...new Set(users.map(({ new: { leg } }) => leg.from))]
    return senders.map((from) => ({
      code,
      path,
      what: words,
      verdict: verdictOf(outcomes, from, false),
      breaks: whoBreaks(outcomes, from, undefined),
    }))
  }
}

function written({ pattern, maxLength }: ParamIr): string {
  return `${pattern ?? "any level"} of at most ${maxLength} characters`
}
