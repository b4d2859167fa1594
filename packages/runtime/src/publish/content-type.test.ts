import { expect, it } from "vitest"
import type { Format } from "../codec.js"
import { formatContentType, parseContentType } from "./content-type.js"

const FORMATS: readonly Format[] = ["json", "compact", "protobuf", "text", "bytes"]

it.each(FORMATS)("%s comes back as it went", (format) => {
  expect(parseContentType(formatContentType(format, 3))).toEqual({ format, major: 3 })
})

it.each([
  { given: "application/json", want: { format: "json", major: undefined } },
  { given: ' Application/JSON ; charset=utf-8 ; V="12"', want: { format: "json", major: 12 } },
  { given: "application/json;v=two", want: { format: "json", major: undefined } },
  { given: "application/json;vv=2", want: { format: "json", major: undefined } },
  { given: "image/png;v=2", want: { format: undefined, major: 2 } },
  { given: "", want: { format: undefined, major: undefined } },
  { given: "__proto__", want: { format: undefined, major: undefined } },
])("reads $given", ({ given, want }) => {
  expect(parseContentType(given)).toEqual(want)
})
