import { NOTHING_TO_DO, type Rule } from "./rule.js"

const BESIDE = "Add a channel with the new topic beside the old one, and remove the old one once nobody uses it."

/** Changes of topics, delivery and formats. */
export const legRules = {
  "leg/topic-changed": {
    title: "Topic changed",
    meaning: "One side publishes where the other does not listen. Nothing arrives, in either order.",
    remedy: BESIDE,
    sdk: "none",
  },
  "leg/params-swapped": {
    title: "Params of a topic exchanged",
    meaning:
      "The same topic names another device to each version; where the patterns exclude each other, it is refused.",
    remedy: BESIDE,
    sdk: "none",
  },
  "leg/param-renamed": {
    title: "Param of a topic renamed",
    meaning: "The topics stay as they are; code that names the param does not compile.",
    remedy: "Say it in the changelog of the SDK.",
    sdk: "breaking",
  },
  "leg/literal-to-param": {
    title: "Literal of a topic became a param",
    meaning: "New readers hear the old topic, where the param admits it; old readers do not hear the other values.",
    remedy: "Let the param's pattern admit the old literal.",
    sdk: "breaking",
  },
  "leg/param-to-literal": {
    title: "Param of a topic became a literal",
    meaning: "Messages with any other value of the param are heard by nobody of the new version.",
    remedy: BESIDE,
    sdk: "breaking",
  },
  "leg/qos-lowered": {
    title: "Quality of service lowered",
    meaning: "Messages may be lost with every break of a connection, or come twice where they came once.",
    remedy: "Keep the QoS.",
    sdk: "none",
  },
  "leg/qos-raised": {
    title: "Quality of service raised",
    meaning: "Messages may come twice, which readers of the old version did not have to expect.",
    remedy: "Update the readers first.",
    sdk: "none",
  },
  "leg/retain-added": {
    title: "Retained from now on",
    meaning: "An old message comes to everybody who subscribes, as if it were new.",
    remedy: "Make it a state if the latest value matters; an event or a command is never retained.",
    sdk: "none",
  },
  "leg/retain-removed": {
    title: "No longer retained",
    meaning: "Who subscribes later hears nothing; and the last retained message stays at the broker for ever.",
    remedy: "Keep it retained. If it must go, clear the old messages with an empty retained payload.",
    sdk: "none",
  },
  "leg/expiry-shortened": {
    title: "Expiry shortened",
    meaning: "Messages that wait are thrown away sooner, and nobody is told.",
    remedy: "Keep the expiry, or tell those who rely on it.",
    sdk: "none",
  },
  "leg/expiry-lengthened": {
    title: "Expiry lengthened",
    meaning: "Messages may arrive later than before.",
    remedy: "See that a late one does no harm.",
    sdk: "none",
  },
  "leg/format-added": {
    title: "Format added",
    meaning: "Old readers refuse messages in the new format.",
    remedy: "Let senders use it once no old reader is left.",
    sdk: "additive",
  },
  "leg/format-removed": {
    title: "Format no longer accepted",
    meaning: "New readers refuse messages of old senders, and kept ones, in that format.",
    remedy: "Accept it until no old sender is left.",
    sdk: "breaking",
  },
  "leg/default-format-changed": {
    title: "Default format changed",
    meaning:
      "Without a Content Type, as at MQTT 3.1.1, a reader takes every message for its own default format: it refuses the other one, or reads it as text.",
    remedy: "Add the format and keep the default; say `--mqtt 5` if all clients speak MQTT 5.",
    sdk: "none",
  },
  "leg/too-large": {
    title: "Messages may be too large for the other version",
    meaning:
      "The longest message exceeds what the other version takes. Limits live in buffers of firmware, in the broker and in gateways, which no order of updates changes.",
    remedy: "Bound the new fields more tightly, or raise `maxBytes` in a version of its own first.",
    sdk: "none",
  },
  "leg/limit-changed": {
    title: "Largest payload changed",
    meaning: "Both versions take what the other may send.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "leg/acknowledge-weakened": {
    title: "Acknowledged before it is handled",
    meaning: "A message that was received and not yet handled is lost when the reader crashes.",
    remedy: "Keep `on-handled` where a message must not be lost.",
    sdk: "none",
  },
  "leg/acknowledge-strengthened": {
    title: "Acknowledged once it is handled",
    meaning: "Fewer messages are in flight, and one may come again after a crash.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "leg/versions-changed": {
    title: "Versions on one topic told apart otherwise",
    meaning:
      "A reader takes other payloads for its own version: it misreads those of the other one, or passes its own by.",
    remedy: "Keep the rule while both versions are on the topic; a new major version gets topics of its own.",
    sdk: "none",
  },
  "leg/outbox-weakened": {
    title: "Outbox holds less",
    meaning: "What a sender keeps while it has no connection is dropped sooner, or does not survive a restart.",
    remedy: "Keep the bounds, the policy and `durable`.",
    sdk: "none",
  },
  "leg/outbox-strengthened": {
    title: "Outbox holds more",
    meaning: "A sender keeps more while it has no connection, and needs the room.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "leg/queue-weakened": {
    title: "Reader's queue holds less",
    meaning: "Messages that wait for a handler are dropped sooner, or others than before.",
    remedy: "Keep the bound and the policy.",
    sdk: "none",
  },
  "leg/queue-strengthened": {
    title: "Reader's queue holds more",
    meaning: "More messages may wait for a handler, and need the room.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "leg/direction-changed": {
    title: "Direction changed",
    meaning: "Who read before now writes: each version waits for the other.",
    remedy: "Add a channel for the other direction.",
    sdk: "breaking",
  },
  "leg/added": {
    title: "Leg added to a channel",
    meaning: "Who does not know it neither sends nor hears it.",
    remedy: "Use it once the other side has it.",
    sdk: "additive",
  },
  "leg/removed": {
    title: "Leg removed from a channel",
    meaning: "Who still knows it sends to nobody, or waits for nothing.",
    remedy: "Remove it once nobody uses it.",
    sdk: "breaking",
  },
  "param/widened": {
    title: "Param admits more",
    meaning: "The other version refuses a topic with a value that only this one admits.",
    remedy: "Give out such values once everybody who reads them is updated.",
    sdk: "none",
  },
  "param/narrowed": {
    title: "Param admits less",
    meaning: "A device, or a place, that is called so already is refused, and cannot change its name.",
    remedy: "Keep the old values admitted; restrict where new names are given out.",
    sdk: "none",
  },
  "param/changed": {
    title: "Param written differently",
    meaning: "It admits the same values as before.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "param/reserved-added": {
    title: "Word reserved that the param admitted",
    meaning: "A device that is called so already is refused, and its topics mean something else.",
    remedy: "Choose a literal that the param's pattern excludes.",
    sdk: "none",
  },
  "param/reserved-removed": {
    title: "Word no longer reserved",
    meaning: "The other version refuses a device that is called so.",
    remedy: "Give the name out once everybody is updated.",
    sdk: "none",
  },
  "param/unused-changed": {
    title: "Param changed that no topic uses",
    meaning: "It is in no topic that both versions have.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
  "param/annotation-changed": {
    title: "Words about a param changed",
    meaning: "Documentation and examples are for people.",
    remedy: NOTHING_TO_DO,
    sdk: "none",
  },
} as const satisfies Readonly<Record<string, Rule>>
