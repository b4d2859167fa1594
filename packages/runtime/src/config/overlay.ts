import type { ObjectFields } from "../descriptor.js"

/**
 * The fleet's config with the device's own over it; absent means inherit (F-2). Fields that are objects (`objects`) are
 * overlaid in their turn; lists, maps, unions and scalars are replaced as a whole.
 */
export function overlayConfig(fleet: unknown, own: unknown, objects: ObjectFields = {}): unknown {
  if (!isObject(fleet)) return own
  if (!isObject(own)) return fleet
  const merged: Record<string, unknown> = { ...fleet, ...own }
  for (const [field, inner] of Object.entries(objects)) {
    if (isObject(fleet[field]) && isObject(own[field])) merged[field] = overlayConfig(fleet[field], own[field], inner)
  }
  return merged
}

/** The version in a config as a number; undefined where there is none. */
export function versionOf(config: unknown, field: string): number | undefined {
  if (!isObject(config)) return undefined
  const version = config[field]
  if (typeof version === "number" && Number.isSafeInteger(version)) return version
  return typeof version === "bigint" ? Number(version) : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
