import { NOTHING_TO_DO, type Rule } from "./rule.js"

const WIDER = "Old readers refuse what only the new version admits."
const NARROWER = "New readers refuse what only the old version admitted, of old senders and from before."
const MOVED = "Each version's readers refuse something that the other version's senders may send."
const SAME = "Written differently, it admits the same values as far as anybody sends them."
const STAY = "Let senders stay within what both versions admit until no old reader is left."
const WAIT = "Keep the wider rule in the contract, and let senders stay within the narrower one."
const TWICE = "Widen it first; narrow it in a later version."

type Way = "widened" | "narrowed" | "moved" | "changed"

/** The ways in which a set of values changes, as far as this one can. */
function sets<Stem extends string, W extends Way>(stem: Stem, title: string, ways: readonly W[]) {
  const entry: Readonly<Record<Way, Rule>> = {
    widened: { title: `${title} widened`, meaning: WIDER, remedy: STAY, sdk: "none" },
    narrowed: { title: `${title} narrowed`, meaning: NARROWER, remedy: WAIT, sdk: "none" },
    moved: { title: `${title} moved`, meaning: MOVED, remedy: TWICE, sdk: "none" },
    changed: { title: `${title} written differently`, meaning: SAME, remedy: NOTHING_TO_DO, sdk: "none" },
  }
  const made = ways.map((way) => [`type/${stem}-${way}`, entry[way]] as const)
  return Object.fromEntries(made) as { readonly [code in `type/${Stem}-${W}`]: Rule }
}

const EVERY = ["widened", "narrowed", "moved", "changed"] as const
const UNEQUAL = ["widened", "narrowed", "moved"] as const

/** Changes of the types of values. */
export const typeRules = {
  ...sets("bounds", "Bounds", EVERY),
  ...sets("step", "Step", UNEQUAL),
  ...sets("length", "Length", EVERY),
  ...sets("pattern", "Pattern", EVERY),
  ...sets("format", "Format of a text", UNEQUAL),
  ...sets("items", "Number of items", EVERY),
  ...sets("entries", "Number of entries", ["widened", "narrowed"]),
  ...sets("keys", "Keys of a map", EVERY),
  "type/kind-changed": {
    title: "Kind of value changed",
    meaning:
      "A value of one kind is refused where the other is expected, or taken for it where the wire does not tell.",
    remedy: "Add a field of the new kind, send both, and remove the old one once nobody reads it.",
    sdk: "breaking",
  },
  "type/integer-to-number": {
    title: "Integer became a number with fractions",
    meaning: "In JSON old readers refuse fractions. In protobuf the two do not read each other.",
    remedy: "Add a field for the fractional value.",
    sdk: "none",
  },
  "type/number-to-integer": {
    title: "Number with fractions became an integer",
    meaning: "In JSON new readers refuse fractions. In protobuf the two do not read each other.",
    remedy: "Add a field for the whole value.",
    sdk: "none",
  },
  "type/integer-width-changed": {
    title: "Width or sign of an integer changed",
    meaning:
      "JSON cares for the bounds only. In protobuf signed and unsigned integers are written differently: 2 is read as 1. Readers that were not generated here may cut wide numbers off.",
    remedy: "Change the bounds and keep the type.",
    sdk: "none",
  },
  "type/integer-encoding-changed": {
    title: "Integer written with another width in protobuf",
    meaning: "A varint and a number of fixed width do not read each other.",
    remedy: "Restore `fixed`; add a field if the width on the wire matters.",
    sdk: "none",
  },
  "type/epoch-changed": {
    title: "Epoch of an instant changed",
    meaning: "The number stays and means another moment: milliseconds since boot are read as seconds since 1970.",
    remedy: "Add a field with the new epoch, send both, and remove the old one once nobody reads it.",
    sdk: "none",
  },
  "type/float-width-changed": {
    title: "Precision of a number changed",
    meaning:
      "In JSON 79.8612 is read as 79.86119842529297, and nothing refuses it. In protobuf the two do not read each other.",
    remedy: "Keep the width; bounds and decimals may change.",
    sdk: "none",
  },
  "type/const-changed": {
    title: "Constant changed",
    meaning:
      "Readers refuse the other version's constant; in protobuf, where constants do not travel, they believe their own.",
    remedy: "Use a closed enum if there may be another value.",
    sdk: "breaking",
  },
  "type/annotation-changed": {
    title: "Words about a type changed",
    meaning: "Decimals, documentation and `deprecated` are for people.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "type/enum-value-added": {
    title: "Value of an enum added",
    meaning: "Readers of a closed enum refuse a value that they do not know; an open one delivers it as it is.",
    remedy: "Let senders use it once no old reader is left; declare an enum open that is to grow.",
    sdk: "additive",
  },
  "type/enum-value-removed": {
    title: "Value of an enum removed",
    meaning: "Readers of a closed enum refuse what old senders still send, and what was kept from before.",
    remedy: "Mark it deprecated, and remove it once no sender has it.",
    sdk: "breaking",
  },
  "type/enum-value-renamed": {
    title: "Value of an enum renamed",
    meaning: "Where names travel, readers do not know the other version's; where numbers do, nothing changes.",
    remedy: "Keep the name on the wire; a new name may stand in the documentation.",
    sdk: "breaking",
  },
  "type/enum-number-changed": {
    title: "Number of an enum's value changed",
    meaning: "Where numbers travel, readers refuse it or take it for another value.",
    remedy: "Restore the number: the lock gives each value one number for ever.",
    sdk: "none",
  },
  "type/enum-number-reused": {
    title: "Number of an enum's value reused",
    meaning: "Where numbers travel, a value of one version is read as another value by the other.",
    remedy: "Give it a number that no version in the field has used: the lock does so by itself.",
    sdk: "additive",
  },
  "type/enum-opened": {
    title: "Closed enum opened",
    meaning: "New senders may send values that old readers refuse.",
    remedy: STAY,
    sdk: "breaking",
  },
  "type/enum-closed": {
    title: "Open enum closed",
    meaning: "New readers refuse values that old senders may send.",
    remedy: WAIT,
    sdk: "breaking",
  },
  "type/enum-compact-changed": {
    title: "Enum travels differently in compact JSON",
    meaning: "Names are refused where numbers are expected, and numbers where names are.",
    remedy: "Restore `compactAs`; add a field if octets matter.",
    sdk: "none",
  },
  "type/enum-order-changed": {
    title: "Order of an enum's values changed",
    meaning: "Nobody on the wire looks at it.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "type/unit-said": {
    title: "Unit said for the first time",
    meaning:
      "A message that is one value, the items of a list or the values of a map have a unit now. Nobody can say which one earlier versions meant: locks did not always keep it.",
    remedy: "Make sure that it is the unit that senders always used.",
    sdk: "none",
  },
  "type/tag-changed": {
    title: "Tag of a union renamed",
    meaning: "In JSON readers do not find the tag of the other version's messages.",
    remedy: "Keep the tag.",
    sdk: "breaking",
  },
  "type/branch-added": {
    title: "Branch of a union added",
    meaning: "Old readers refuse messages of the new branch.",
    remedy: "Let senders use it once no old reader is left.",
    sdk: "additive",
  },
  "type/branch-removed": {
    title: "Branch of a union removed",
    meaning: "New readers refuse messages of that branch, of old senders and from before.",
    remedy: "Remove it once no sender has it.",
    sdk: "breaking",
  },
  "type/branch-number-changed": {
    title: "Number of a branch changed",
    meaning: "In protobuf readers refuse the branch or take it for another one.",
    remedy: "Restore the number: the lock gives each branch one number for ever.",
    sdk: "none",
  },
  "type/branch-number-reused": {
    title: "Number of a branch reused",
    meaning: "In protobuf a branch of one version is read as another branch by the other.",
    remedy: "Give it a number that no version in the field has used: the lock does so by itself.",
    sdk: "additive",
  },
} as const satisfies Readonly<Record<string, Rule>>
