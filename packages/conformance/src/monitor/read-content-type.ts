import type { Format } from "@fleetwire/ir"

/** What a Content Type says. A part that it does not say is undefined. */
export interface ContentTypeParts {
  /** Undefined where the media type is none of a contract's formats. */
  readonly format: Format | undefined
  readonly major: number | undefined
}

const FORMATS: Readonly<Record<string, Format>> = {
  "application/json": "json",
  "application/vnd.fleetwire.compact+json": "compact",
  "application/x-protobuf": "protobuf",
  "text/plain": "text",
  "application/octet-stream": "bytes",
}

/** Reads a Content Type (W-1, W-7). Written a second time on purpose: a judge shares no code with what it judges. */
export function readContentType(text: string): ContentTypeParts {
  const [media = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase())
  const version = parameters.find((parameter) => parameter.startsWith("v"))
  const digits = version === undefined ? undefined : /^v\s*=\s*"?(\d{1,9})"?$/.exec(version)?.[1]
  return {
    format: Object.hasOwn(FORMATS, media) ? FORMATS[media] : undefined,
    major: digits === undefined ? undefined : Number(digits),
  }
}
