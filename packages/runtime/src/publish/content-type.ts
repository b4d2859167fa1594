import type { Format } from "../codec.js"

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: "application/json",
  compact: "application/vnd.fleetwire.compact+json",
  protobuf: "application/x-protobuf",
  text: "text/plain",
  bytes: "application/octet-stream",
}

const FORMATS: ReadonlyMap<string, Format> = new Map(
  Object.entries(MEDIA_TYPES).map(([format, media]) => [media, format as Format]),
)

/** What a Content Type says: absent parts are not said. */
export interface ContentTypeFacts {
  readonly format: Format | undefined
  readonly major: number | undefined
}

/** Content Type of a format of one major version of a contract, such as `application/json;v=2` (W-1, W-7). */
export function formatContentType(format: Format, major: number): string {
  return `${MEDIA_TYPES[format]};v=${major}`
}

/** Reads a Content Type; parameters other than `v` mean nothing to us, case and spaces do not matter. */
export function parseContentType(text: string): ContentTypeFacts {
  const [media = "", ...parameters] = text.split(";")
  let major: number | undefined
  for (const parameter of parameters) {
    const found = /^\s*v\s*=\s*"?(\d{1,9})"?\s*$/i.exec(parameter)
    if (found !== null) major = Number(found[1])
  }
  return { format: FORMATS.get(media.trim().toLowerCase()), major }
}

/** Payload Format Indicator of a format: true for UTF-8. */
export function isUtf8(format: Format): boolean {
  return format === "json" || format === "compact" || format === "text"
}
