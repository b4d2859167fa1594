import type { AutoField } from "../descriptor.js"

/** What the engine knows when a message is sent. */
export interface AutoContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Milliseconds since this client was made. */
  readonly uptimeMs: number
  readonly identity: string | undefined
  readonly id?: string | undefined
  readonly elapsedMs?: number
  readonly session?: number
}

/** A message with its automatic fields filled in where the caller left them out. The caller's object is not changed. */
export function fillAuto(message: unknown, fields: readonly AutoField[], context: AutoContext): unknown {
  if (fields.length === 0 || typeof message !== "object" || message === null) return message
  const given = message as Record<string, unknown>
  let filled: Record<string, unknown> | undefined
  for (const auto of fields) {
    if (given[auto.field] !== undefined) continue
    const value = autoValue(auto, context)
    if (value === undefined) continue
    filled ??= { ...given }
    filled[auto.field] = value
  }
  return filled ?? message
}

function autoValue(auto: AutoField, context: AutoContext): unknown {
  switch (auto.fill) {
    case "identity":
      return context.identity
    case "id":
      return context.id
    case "now":
      return instant(auto, context)
    case "elapsed":
      return number(auto, context.elapsedMs)
    case "session":
      return number(auto, context.session)
  }
}

function instant(auto: AutoField, context: AutoContext): unknown {
  switch (auto.epoch) {
    case "iso":
      return new Date(context.now).toISOString()
    case "unix-milliseconds":
      return number(auto, context.now)
    case "boot-milliseconds":
      return number(auto, context.uptimeMs)
    default:
      return number(auto, context.now / 1000)
  }
}

function number(auto: AutoField, value: number | undefined): number | bigint | undefined {
  if (value === undefined) return undefined
  const whole = Math.floor(value)
  return auto.big === true ? BigInt(whole) : whole
}
