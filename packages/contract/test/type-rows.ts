import { Type } from "@sinclair/typebox"
import { message, t, telemetry } from "../src/index.js"
import type { Row } from "./row.js"
import { withChannel, withField } from "./small-contract.js"

const path = "Reading.tested"

/** Mistakes in value types. */
export const typeRows: readonly Row[] = [
  {
    code: "contract/type-outside-profile",
    given: () => withField(Type.Tuple([Type.Boolean()])),
    path,
    message: "Type.Tuple is outside the profile that every target can carry",
    help: "use t.object with a name for each place",
  },
  {
    code: "contract/type-outside-profile",
    given: () => withField(Type.Integer()),
    path,
    message: "Type.Integer is outside the profile that every target can carry",
    help: "say the width: t.uint8 … t.uint64, t.int8 … t.int64",
  },
  {
    code: "contract/keyword-outside-profile",
    given: () => withField(Type.Number({ exclusiveMinimum: 0 })),
    path,
    message: "the keyword `exclusiveMinimum` is outside the profile that every target can carry",
    help: "bounds are inclusive: use `min` and `max`",
  },
  {
    code: "contract/not-a-type",
    given: () => withField("uint8"),
    path,
    message: '`"uint8"` is not a type',
    help: "use a builder of `t`, or a message",
  },
  {
    code: "contract/unknown-option",
    given: () => withField(t.uint8({ maximum: 5 } as never)),
    path,
    message: "there is no option `maximum` here",
    help: "known are `min`, `max`, `multipleOf`, `fixed`, `unit`, `doc`, `examples`, `deprecated`, `since`, `short`, `was`, `nullAsAbsent`, `auto`, `default`",
  },
  {
    code: "contract/option-value",
    given: () => withField(t.uint8({ max: "5" as never })),
    path,
    message: 'option `max` is `"5"`, not a whole number',
    help: "write `100`",
  },
  {
    code: "contract/option-undefined",
    given: () => withField(t.uint8({ max: undefined } as never)),
    path,
    message: "option `max` is there and undefined",
    help: "leave it out, or give it a value; where it is a constant of another file, those files import each other, and it is not there yet",
  },
  {
    code: "contract/bounds-order",
    given: () => withField(t.uint8({ min: 9, max: 3 })),
    path,
    message: "min 9 is above max 3",
    help: "exchange them",
  },
  {
    code: "contract/bounds-order",
    given: () => withField(t.string({ minLength: 9, maxLength: 3 })),
    path,
    message: "minLength 9 is above maxLength 3",
    help: "exchange them",
  },
  {
    code: "contract/bounds-width",
    given: () => withField(t.uint8({ max: 256 })),
    path,
    message: "max 256 does not fit uint8",
    help: "use a wider integer, or a bound from 0 to 255",
  },
  {
    code: "contract/enum-empty",
    given: () => withField(t.enum([])),
    path,
    message: "an enum needs at least one value",
    help: "list its values",
  },
  {
    code: "contract/enum-duplicate",
    given: () => withField(t.enum(["on", "on"])),
    path,
    message: "value `on` is listed twice",
    help: "remove one of them",
  },
  {
    code: "contract/union-empty",
    given: () => withField(t.union("kind", {})),
    path,
    message: "a union needs at least one branch",
    help: "add a branch, such as `{ point: t.object({}) }`",
  },
  {
    code: "contract/union-branch",
    given: () => withField(t.union("kind", { number: t.uint8() as never })),
    path: `${path}<number>`,
    message: "branch `number` is not an object",
    help: "wrap it: `t.object({ value: … })`",
  },
  {
    code: "contract/union-tag",
    given: () => withField(t.union("kind", { point: t.object({ kind: t.uint8() }) })),
    path: `${path}<point>`,
    message: "branch `point` has a field `kind`, which is the union's tag",
    help: "remove the field: the tag is written by itself",
  },
  {
    code: "contract/recursion",
    given: () => {
      const fields: Record<string, never> = {}
      const Node = message("Node", fields)
      Object.assign(fields, { next: Node })
      return withChannel(telemetry("demo/{unit}/reading", Node))
    },
    path: "Node.next",
    message: "message `Node` contains itself",
    help: "small targets cannot hold a value of unknown depth: bound it, or send parts as messages of their own",
  },
  {
    code: "contract/annotation-misplaced",
    given: () => withField(t.list(t.uint8({ short: "x" }), { maxItems: 2 })),
    path: `${path}[]`,
    message: "`short` belongs to a field of an object, not to an item of a list",
    help: "remove it, or move it to the field",
  },
  {
    code: "contract/optional-misplaced",
    given: () => withField(t.list(t.optional(t.uint8()), { maxItems: 2 })),
    path: `${path}[]`,
    message: "only a field of an object can be optional, not an item of a list",
    help: "remove t.optional",
  },
  {
    code: "contract/null-on-required",
    given: () => withField(t.uint8({ nullAsAbsent: true })),
    path,
    message: "`nullAsAbsent` on a required field",
    help: "wrap the type in t.optional, or remove it",
  },
  {
    code: "contract/default-and-auto",
    given: () => withField(t.unixSeconds({ auto: "now", default: 5 })),
    path,
    message: "a field cannot have both `default` and `auto`",
    help: "`auto` is written by the sender, `default` is read by the receiver: keep one",
  },
  {
    code: "contract/value-unfit",
    given: () => withField(t.uint8({ max: 100, default: 101 })),
    path,
    message: "the default does not fit the type: 101 is above the maximum 100",
    help: "change the value or the type",
  },
  {
    code: "contract/value-unfit",
    given: () => withField(t.object({ at: t.uint8() }, { examples: [{ at: -1 }] })),
    path,
    message: "an example does not fit the type at /at: -1 is below the minimum 0",
    help: "change the value or the type",
  },
  {
    code: "contract/auto-nested",
    given: () => withField(t.object({ at: t.unixSeconds({ auto: "now" }) })),
    path: `${path}.at`,
    message: "`auto` is for fields at the top of a message",
    help: "move the field up, or let the caller write it",
  },
  {
    code: "contract/auto-type",
    given: () => withField(t.uint32({ auto: "now" })),
    path,
    message: '`auto: "now"` needs t.unixSeconds, t.unixMilliseconds, t.bootMilliseconds or t.dateTime',
    help: "change the type, or remove `auto`",
  },
  {
    code: "contract/field-count",
    given: () => withField(t.object(Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`f${i}`, t.bool()])))),
    path,
    message: "an object has 257 fields, more than 256",
    help: "group them into objects",
  },
  {
    code: "contract/unbounded",
    given: () => withField(t.string()),
    path,
    message: "the text has no maxLength, so a C target cannot reserve memory for it",
    help: "add `maxLength`",
  },
  {
    code: "contract/unbounded",
    given: () => withField(t.list(t.uint8())),
    path,
    message: "the list has no maxItems, so a C target cannot reserve memory for it",
    help: "add `maxItems`",
  },
]
