import { NOTHING_TO_DO, type Rule } from "./rule.js"

const ORDER = "Update in the order that the verdict names; or keep the old field for one more version."

/** Changes of fields. */
export const fieldRules = {
  "field/optional-added": {
    title: "Optional field added",
    meaning: "Readers that do not know it leave it out; senders that do not know it do not send it.",
    remedy: NOTHING_TO_DO,
    sdk: "additive",
  },
  "field/required-added": {
    title: "Required field added",
    meaning: "New readers refuse every message of an old sender, and every message that was kept from before.",
    remedy: "Add it as optional, with a default if there is one, and require it once no old sender is left.",
    sdk: "breaking",
  },
  "field/optional-removed": {
    title: "Optional field removed",
    meaning: "Readers that still know it find it absent, as they always could.",
    remedy: NOTHING_TO_DO,
    sdk: "breaking",
  },
  "field/required-removed": {
    title: "Required field removed",
    meaning: "Old readers refuse every message of a new sender.",
    remedy: "Make it optional first, and remove it once no old reader is left.",
    sdk: "breaking",
  },
  "field/made-optional": {
    title: "Required field made optional",
    meaning: "Old readers refuse messages without it.",
    remedy: "Let new senders go on sending it until no old reader is left.",
    sdk: "breaking",
  },
  "field/made-required": {
    title: "Optional field made required",
    meaning: "New readers refuse messages without it, of old senders and from before.",
    remedy: "Keep it optional in the contract, and refuse its absence where it matters.",
    sdk: "breaking",
  },
  "field/renamed": {
    title: "Field renamed, as declared",
    meaning:
      "Readers that know the earlier name read both in JSON; those that do not know the new one do not find it. Generated C does not read earlier names. Protobuf carries the number and does not care.",
    remedy: ORDER,
    sdk: "breaking",
  },
  "field/rename-suspected": {
    title: "Field renamed, as it seems",
    meaning:
      "One field is gone and one like it has come. Neither side finds the other's value; where the field is optional, nobody notices.",
    remedy:
      'Say `was: "old_name"` if it is the same field. If it is another one, accept this finding with that as the reason.',
    sdk: "breaking",
  },
  "field/number-changed": {
    title: "Field number changed",
    meaning: "In protobuf readers look for the field in another place: it is absent, or another field is read as it.",
    remedy: "Restore the number: the lock gives each field one number for ever.",
    sdk: "none",
  },
  "field/number-reused": {
    title: "Field number reused",
    meaning: "In protobuf one version's field is read as another field by the other version.",
    remedy: "Give the new field a number that no version in the field has used: the lock does so by itself.",
    sdk: "none",
  },
  "field/short-changed": {
    title: "Short key changed",
    meaning: "In compact JSON readers do not find the field; where it is optional, nobody notices.",
    remedy: "Restore the short key; add a new field if there must be another.",
    sdk: "none",
  },
  "field/short-reused": {
    title: "Short key reused",
    meaning: "In compact JSON one version's field is read as another field by the other version.",
    remedy: "Choose a short key that no version in the field has used.",
    sdk: "none",
  },
  "field/name-reused": {
    title: "Name reused",
    meaning: "A field has a name that another field declares as its earlier one, and may be read as that.",
    remedy: "Choose another name, or drop the earlier name from `was`.",
    sdk: "none",
  },
  "field/default-changed": {
    title: "Default changed",
    meaning: "A field that is left out means one thing to its sender and another to its reader.",
    remedy: "Restore the default. Let senders write the value that they mean, and change the default much later.",
    sdk: "none",
  },
  "field/unit-changed": {
    title: "Unit changed",
    meaning: "The number stays and means something else: 250 cm is read as 250 mm, and nothing refuses it.",
    remedy: "Add a field with the new unit, send both, and remove the old one once nobody reads it.",
    sdk: "none",
  },
  "field/null-as-absent-added": {
    title: "null may stand for absent",
    meaning: "New senders may write null in JSON; old readers refuse it.",
    remedy: ORDER,
    sdk: "none",
  },
  "field/null-as-absent-removed": {
    title: "null may no longer stand for absent",
    meaning: "Old senders may write null in JSON; new readers refuse it.",
    remedy: "Keep `nullAsAbsent` until no old sender is left.",
    sdk: "none",
  },
  "field/auto-changed": {
    title: "What fills a field in changed",
    meaning: "Senders of one version fill the field in with something else than those of the other.",
    remedy: "Add a field of its own for the other meaning.",
    sdk: "breaking",
  },
  "field/annotation-changed": {
    title: "Words about a field changed",
    meaning: "Documentation, examples, `deprecated` and `since` are for people.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "field/order-changed": {
    title: "Order of fields changed",
    meaning: "Nobody on the wire looks at it. In C, initialisers by position change their meaning.",
    remedy: "In C, use initialisers by name.",
    sdk: "none",
  },
} as const satisfies Readonly<Record<string, Rule>>
