import type { Format } from "@fleetwire/ir"

/** Media type of each format, as Content Type says it at MQTT 5 (W-1). */
export const MEDIA_TYPES: { readonly [format in Format]: string } = {
  json: "application/json",
  compact: "application/vnd.fleetwire.compact+json",
  protobuf: "application/x-protobuf",
  text: "text/plain",
  bytes: "application/octet-stream",
}

/** What a format is, in the words of a document. */
export const FORMAT_WORDS: { readonly [format in Format]: string } = {
  json: "JSON",
  compact: "JSON with the short keys of the schema, without white space",
  protobuf: "Protobuf, by the numbers of the schema",
  text: "plain text: one scalar",
  bytes: "octets as they are",
}

/** The format of a media type, whatever parameters it has. */
export function formatOfMediaType(text: string): Format | undefined {
  const media = text.split(";")[0]!.trim().toLowerCase()
  const found = Object.entries(MEDIA_TYPES).find(([, known]) => known === media)
  return found?.[0] as Format | undefined
}
