// Long because it is one table: every diagnostic of the package, a row each.
/** One kind of mistake: how bad it is, what is said, and what helps. `{names}` are filled in. */
export interface DiagnosticEntry {
  readonly severity: "error" | "warning"
  readonly message: string
  readonly help: string
  /** A channel may say `accept: { code: "reason" }`. */
  readonly acceptable?: true
  /** Said only where a team asks for it: it matters to some. */
  readonly off?: true
}

/**
 * Every diagnostic of the contract language and of the lock. One table, and so a long file: an author, a translator and a
 * page of the docs read it as a whole, and no code can be given twice.
 */
export const diagnosticCodes = {
  // What a contract is made of
  "contract/not-a-contract": {
    severity: "error",
    message: "this is not a contract",
    help: "export default defineContract({ … }) from the module",
  },
  "contract/name": {
    severity: "error",
    message: "contract name `{name}` is not lowercase words joined by hyphens",
    help: "write it like `iot-car`",
  },
  "contract/version": {
    severity: "error",
    message: "version `{version}` is not a semantic version",
    help: "write three numbers like `2.0.0`",
  },
  "contract/no-channels": {
    severity: "error",
    message: "the contract has no channel",
    help: 'add at least one, such as `telemetry("demo/{deviceId}/telemetry", Telemetry)`',
  },
  "contract/wrong-part": {
    severity: "error",
    message: "{what} is {received}, not {expected}",
    help: "use {example}",
  },
  "contract/name-form": {
    severity: "error",
    message: "{what} name `{name}` is not {form}",
    help: "rename it, for example to `{proposal}`",
  },
  "contract/name-reserved": {
    severity: "warning",
    message: "{what} name `{name}` is reserved in {languages}",
    help: "its SDKs there will print it with a trailing underscore; choose another name to avoid that",
    acceptable: true,
  },
  "contract/name-clash": {
    severity: "error",
    message: "`{first}` and `{second}` become the same name `{printed}` in {languages}",
    help: "rename one of them; `was` keeps its numbers",
  },
  "contract/unknown-option": {
    severity: "error",
    message: "there is no option `{option}` here",
    help: "known are {known}",
  },
  "contract/option-value": {
    severity: "error",
    message: "option `{option}` is {received}, not {expected}",
    help: "write {example}",
  },
  "contract/option-undefined": {
    severity: "error",
    message: "option `{option}` is there and undefined",
    help: "leave it out, or give it a value; where it is a constant of another file, those files import each other, and it is not there yet",
  },
  "contract/accept-unknown": {
    severity: "error",
    message: "`{accepted}` is no diagnostic that a channel can accept",
    help: "only these can be accepted: {known}",
  },
  "contract/accept-unused": {
    severity: "warning",
    message: "nothing here needs `{accepted}` to be accepted",
    help: "remove it from `accept`",
  },

  // Types
  "contract/type-outside-profile": {
    severity: "error",
    message: "{type} is outside the profile that every target can carry",
    help: "{suggestion}",
  },
  "contract/keyword-outside-profile": {
    severity: "error",
    message: "the keyword `{keyword}` is outside the profile that every target can carry",
    help: "{suggestion}",
  },
  "contract/not-a-type": {
    severity: "error",
    message: "{received} is not a type",
    help: "use a builder of `t`, or a message",
  },
  "contract/bounds-order": {
    severity: "error",
    message: "{low} {lowValue} is above {high} {highValue}",
    help: "exchange them",
  },
  "contract/bounds-width": {
    severity: "error",
    message: "{bound} {value} does not fit {type}",
    help: "use a wider integer, or a bound from {least} to {most}",
  },
  "contract/pattern": {
    severity: "error",
    message: "pattern `{pattern}` is outside the regular subset: {reason}",
    help: "use literals, classes, groups, `|`, `?`, `*`, `+` and `{n,m}`; patterns are anchored without `^` and `$`",
  },
  "contract/enum-empty": {
    severity: "error",
    message: "an enum needs at least one value",
    help: "list its values",
  },
  "contract/enum-duplicate": {
    severity: "error",
    message: "value `{value}` is listed twice",
    help: "remove one of them",
  },
  "contract/union-empty": {
    severity: "error",
    message: "a union needs at least one branch",
    help: "add a branch, such as `{ point: t.object({}) }`",
  },
  "contract/union-branch": {
    severity: "error",
    message: "branch `{branch}` is not an object",
    help: "wrap it: `t.object({ value: … })`",
  },
  "contract/union-tag": {
    severity: "error",
    message: "branch `{branch}` has a field `{tag}`, which is the union's tag",
    help: "remove the field: the tag is written by itself",
  },
  "contract/recursion": {
    severity: "error",
    message: "message `{name}` contains itself",
    help: "small targets cannot hold a value of unknown depth: bound it, or send parts as messages of their own",
  },
  "contract/annotation-misplaced": {
    severity: "error",
    message: "`{annotation}` belongs to a field of an object, not to {where}",
    help: "remove it, or move it to the field",
  },
  "contract/optional-misplaced": {
    severity: "error",
    message: "only a field of an object can be optional, not {where}",
    help: "remove t.optional",
  },
  "contract/null-on-required": {
    severity: "error",
    message: "`nullAsAbsent` on a required field",
    help: "wrap the type in t.optional, or remove it",
  },
  "contract/default-and-auto": {
    severity: "error",
    message: "a field cannot have both `default` and `auto`",
    help: "`auto` is written by the sender, `default` is read by the receiver: keep one",
  },
  "contract/value-unfit": {
    severity: "error",
    message: "{what} does not fit the type{where}: {problem}",
    help: "change the value or the type",
  },
  "contract/auto-nested": {
    severity: "error",
    message: "`auto` is for fields at the top of a message",
    help: "move the field up, or let the caller write it",
  },
  "contract/auto-type": {
    severity: "error",
    message: '`auto: "{auto}"` needs {expected}',
    help: "change the type, or remove `auto`",
  },
  "contract/short-clash": {
    severity: "error",
    message: "`{short}` is the compact key of both `{first}` and `{second}`",
    help: "give one of them another short key",
  },
  "contract/was-clash": {
    severity: "error",
    message: "`{name}` was an earlier name of `{other}`, which is still here",
    help: "an earlier name cannot be given to something else: rename it",
  },
  "contract/message-clash": {
    severity: "error",
    message: "two different messages are called `{name}`",
    help: "rename one of them",
  },
  "contract/type-name-clash": {
    severity: "error",
    message: "two different types are called `{name}`",
    help: 'give one of them another name: `{ name: "…" }`',
  },
  "contract/field-count": {
    severity: "error",
    message: "an object has {count} fields, more than 256",
    help: "group them into objects",
  },
  "contract/unbounded": {
    severity: "warning",
    message: "{what} has no {bound}, so a C target cannot reserve memory for it",
    help: "add `{bound}`",
    acceptable: true,
  },

  // Params and topics
  "contract/param-unknown": {
    severity: "error",
    message: "topic `{topic}` names the param `{param}`, which is not declared",
    help: "add `{param}: t.param()` to params",
  },
  "contract/param-unused": {
    severity: "warning",
    message: "no topic has the param `{param}`",
    help: "remove it",
  },
  "contract/param-value": {
    severity: "error",
    message: "{what} `{value}` is no value of the param: {problem}",
    help: "change it or the param's pattern",
  },
  "contract/device-param": {
    severity: "error",
    message: "device param `{param}` is not declared",
    help: "declare it in params, or name one of {known}",
  },
  "contract/topic": {
    severity: "error",
    message: "topic `{topic}` is not a template: {problem}",
    help: "levels are literals or one `{param}`, joined by `/`",
  },
  "contract/topic-overlap": {
    severity: "error",
    message: "a topic such as `{witness}` fits both `{first}` and `{second}` of {other}",
    help: "change a literal, or give the param a pattern or `reserved` values that keep them apart",
    acceptable: true,
  },
  "contract/param-admits-literal": {
    severity: "error",
    message: "param `{param}` may be `{literal}`, which `{other}` has as a literal there",
    help: 'add it to the param: `reserved: ["{literal}"]`',
    acceptable: true,
  },
  "contract/topic-no-device": {
    severity: "error",
    message: "topic `{topic}` lacks the device's param `{param}`, so nobody can tell whose message it is",
    help: "put `{{param}}` into the topic",
    acceptable: true,
  },
  "contract/topic-with-device": {
    severity: "error",
    message: "topic `{topic}` of {what} names the device's param `{param}`, but is for all devices",
    help: "take `{{param}}` out of the topic",
  },
  "contract/reply-params": {
    severity: "error",
    message: "reply topic `{topic}` has the param `{param}`, which the request's topic does not have",
    help: 'use the params of the request\'s topic, or correlate by it: `correlate: ["id", { param: "{param}" }]`',
  },
  "style/topic-case": {
    severity: "warning",
    message: "level `{level}` of `{topic}` is not lowercase words joined by hyphens",
    help: "write `{proposal}`",
    acceptable: true,
  },
  "style/topic-depth": {
    severity: "warning",
    message: "topic `{topic}` has {count} levels; 3 to 5 read well",
    help: "{advice}",
    acceptable: true,
  },
  "style/topic-equal-depth": {
    severity: "warning",
    message: "topic `{topic}` has {count} levels, others of its kind under `{prefix}` have {least}",
    help: "give equal things equal depth",
    acceptable: true,
  },
  "style/topic-length": {
    severity: "warning",
    message: "topic `{topic}` may be {count} characters long; below 200 suits every client",
    help: "shorten literals or bound the params",
    acceptable: true,
  },
  "style/topic-plural": {
    severity: "warning",
    message: "level `{level}` of `{topic}` is a plural",
    help: "write `{proposal}`: a topic names one thing",
    acceptable: true,
  },
  "style/topic-root": {
    severity: "warning",
    message: "topic `{topic}` begins with the param `{param}`, so rules, bridges and filters have no prefix to go by",
    help: "put a literal in front: `{name}/{topic}`",
    acceptable: true,
  },
  "style/topic-device-level": {
    severity: "warning",
    message: "`{param}` is level {at} of `{topic}`, and level {usual} of most topics",
    help: "let it stand at the same level: one rule of the broker then covers a device",
    acceptable: true,
  },
  "style/topic-version": {
    severity: "warning",
    message: "level `{level}` of `{topic}` is another version than {major}, which the contract has",
    help: "write `v{major}`, or leave it out: versions are told apart by Content Type or by a field",
    acceptable: true,
  },
  "contract/topic-slash": {
    severity: "error",
    message: "topic `{topic}` begins or ends with `/`, which makes an empty level",
    help: "write `{proposal}`",
  },

  // Channels
  "contract/qos": {
    severity: "error",
    message: "{kind} at QoS {qos}; it needs {needed}",
    help: "{advice}",
  },
  "contract/qos-2": {
    severity: "warning",
    message: "QoS 2 costs two more packets a message and gives {kind} nothing",
    help: "use QoS 1: {why}",
    acceptable: true,
  },
  "contract/retain-option": {
    severity: "error",
    message: "`retain` is not an option: {kind} is {retained}",
    help: "{advice}",
  },
  "contract/expiry-on-retained": {
    severity: "error",
    message: "{kind} has no expiry: a late reader would find nothing",
    help: "remove `expiry`",
  },
  "contract/from": {
    severity: "error",
    message: '`from: "{from}"` is neither `device`, `controller` nor a role',
    help: "known roles are {known}",
  },
  "contract/from-fixed": {
    severity: "error",
    message: "{kind} comes from {fixed}, never from {from}",
    help: "remove `from`",
  },
  "contract/sends-outside-formats": {
    severity: "error",
    message: "the channel sends `{sends}` and does not accept it",
    help: "add it to `formats`",
  },
  "contract/format-type": {
    severity: "error",
    message: "format `{format}` cannot carry message `{message}`, which is {type}",
    help: "{suggestion}",
  },
  "contract/format-missing-short": {
    severity: "warning",
    message: "`compact` is declared and no field of `{message}` has a short key",
    help: "add `short` to fields, or drop `compact`",
    acceptable: true,
  },
  "contract/protobuf-absence": {
    severity: "warning",
    message: "`{field}` is {what} that may be absent, and protobuf cannot tell {same}",
    help: "make it required, or wrap it in an object that may be absent",
    acceptable: true,
  },
  "contract/version-field": {
    severity: "error",
    message: "`{field}` cannot tell versions apart: `{message}` does not {problem} it",
    help: "{help}",
  },
  "contract/zero-bytes": {
    severity: "error",
    message: "`{message}` could encode to zero octets in {format}, which would clear the retained topic",
    help: "{remedy}",
  },
  "contract/max-bytes": {
    severity: "error",
    message: "`maxBytes` {declared} is below {needed}, the worst case of `{message}` in {format}",
    help: "raise it, or bound the message's fields more tightly",
    acceptable: true,
  },
  "contract/durable-clean": {
    severity: "error",
    message: "{what} is durable, but {who} has a clean session",
    help: 'give it `session: "persistent"`, or drop the durable option',
  },
  "contract/on-handled-qos-0": {
    severity: "warning",
    message: '`acknowledge: "on-handled"` does nothing at QoS 0',
    help: "use QoS 1, or remove it",
    acceptable: true,
  },
  "contract/action-not-idempotent": {
    severity: "warning",
    message: "an action at QoS 1 may run twice, and this one is not idempotent",
    help: "say `idempotent: true` if twice does no harm, or make it a command with an id",
    acceptable: true,
  },
  "contract/presence-constants": {
    severity: "error",
    message: "presence says no `{which}`",
    help: "add `{which}: { … }`, the fields that say so",
  },
  "contract/presence-same": {
    severity: "error",
    message: "`online` and `offline` say the same",
    help: "let one field differ",
  },
  "contract/presence-field": {
    severity: "error",
    message: "required field `{field}` is in neither `{which}` nor filled in by itself",
    help: "add it to `{which}`, or give it `auto`",
  },
  "contract/presence-many": {
    severity: "error",
    message: "a contract has one presence channel, and this is another beside `{other}`",
    help: "a connection has one last will: make it a state",
  },
  "contract/correlate": {
    severity: "error",
    message: "request and reply have no common field to match them by",
    help: 'name them: `correlate: ["id", "command_id"]`',
  },
  "contract/correlate-field": {
    severity: "error",
    message: "`{message}` has no field `{field}` to correlate by",
    help: "name one of {known}",
  },
  "contract/correlate-type": {
    severity: "error",
    message: "`{message}.{field}` cannot hold an id: it needs a string with room for {room} characters",
    help: "use t.string({ maxLength: 64 })",
  },
  "contract/correlate-param": {
    severity: "error",
    message: "reply topic `{topic}` has no param `{param}` to correlate by",
    help: "put `{{param}}` into it",
  },
  "contract/progress-id": {
    severity: "error",
    message: "`{message}` has no text `{field}`, by which what is said on the way finds its call",
    help: "give it the field that the response has",
  },
  "contract/progress-topic": {
    severity: "error",
    message: "`progressTopic` without `progress` says nothing",
    help: "add `progress`: the message that a handler may send while it runs",
  },
  "contract/trust-clock": {
    severity: "error",
    message: "`{message}.{field}` is no required moment by which a request could expire",
    help: "name a required field of t.unixSeconds, t.unixMilliseconds or t.dateTime",
  },
  "contract/dead-letter": {
    severity: "error",
    message: "`{wanted}` cannot take what is not handled: it {problem}",
    help: 'declare `event("…/failed", DeadLetter, { from: "controller" })`, and let every reader publish it',
  },
  "contract/probe": {
    severity: "error",
    message: "`{probe}` cannot be a probe: it {problem}",
    help: 'declare `event("…/probe", message("Probe", { id: t.string({ maxLength: 32, auto: "id" }) }), { from: "controller" })`, and let the role publish and read it',
  },
  "contract/no-outcome": {
    severity: "warning",
    message: "the reply cannot say that a command failed",
    help: 'add `outcome: { field: "status", success: ["success"], failure: "error" }`',
    acceptable: true,
  },
  "contract/outcome": {
    severity: "error",
    message: "outcome: {problem}",
    help: "{advice}",
  },
  "contract/safe-action": {
    severity: "error",
    message: "`{option}` is not a request of `{message}`: {problem}",
    help: "write the fields as a caller would",
  },
  "contract/safe-action-incomplete": {
    severity: "error",
    message: "`{option}` lacks the required field `{field}`",
    help: "add it: the safe action must be a whole request",
  },
  "contract/no-preempt": {
    severity: "error",
    message: "the command has a safe action and no `preempt`, so a busy device would make it wait",
    help: "add `preempt: {preempt}`",
  },
  "contract/preempt-safe": {
    severity: "warning",
    message: "the safe action `{option}` is not what `preempt` matches",
    help: "let them be the same, so that callers can ask for it at any load",
    acceptable: true,
  },
  "contract/expiry-timeout": {
    severity: "warning",
    message: "the request expires after {expiry} ms, before its caller gives up after {timeout} ms",
    help: "make `expiry` at least as long as `timeout`",
    acceptable: true,
  },
  "contract/remember": {
    severity: "error",
    message: "outcomes are kept for {kept} ms, but a request may arrive for {expiry} ms",
    help: "keep them longer than `expiry`",
  },
  "contract/broadcast-as": {
    severity: "error",
    message: '`as: "{as}"` {problem}',
    help: "name a command of the contract that controllers send, with the same request",
  },
  "contract/broadcast-reply": {
    severity: "error",
    message: '`replies: "each"` needs {needed}',
    help: "name a command with `as`, or give `reply` and `response`",
  },
  "contract/config-version": {
    severity: "error",
    message: "`{message}` has no required integer field `{field}` for its version",
    help: "add `{field}: t.uint32()`, or name another with `versionField`",
  },
  "contract/config-required": {
    severity: "warning",
    message: "field `{field}` is required, so a device's config can never inherit the fleet's",
    help: "make it optional: absent means inherit",
    acceptable: true,
  },
  "contract/config-default": {
    severity: "warning",
    message: "field `{field}` has a default, which hides the fleet's value whenever a device's config leaves it out",
    help: "remove the default: absent means inherit",
    acceptable: true,
  },

  // What it costs
  "cost/stored-often": {
    severity: "warning",
    message: "{kind} is stored by the broker {rate} times a second for each device",
    help: "make it telemetry, or say it more seldom: only the last one is ever read from the store",
    acceptable: true,
  },
  "cost/acknowledged-often": {
    severity: "warning",
    message: "telemetry at QoS {qos}, {rate} times a second: {packets} packets for each that the next one replaces",
    help: "use `qos: 0`, or make it an event if none may be lost",
    acceptable: true,
  },
  "cost/topic-outweighs": {
    severity: "warning",
    message: "the topic has up to {topic} octets, its payload up to {worst}, {rate} times a second",
    help: "say several values in one message, or shorten the topic; at MQTT 5 an alias stands for it",
    acceptable: true,
  },
  "cost/json-often": {
    severity: "warning",
    message: "up to {worst} octets of JSON, {rate} times a second",
    help: "{help}",
    acceptable: true,
  },

  // What some broker, library or language cannot do
  "portability/qos-2": {
    severity: "warning",
    message: "AWS IoT Core and Azure Event Grid refuse QoS 2, and RabbitMQ turns it into QoS 1",
    help: "use QoS 1 with a field by which a reader knows what it has seen, or accept it for brokers that have it",
    acceptable: true,
  },
  "portability/topic-size": {
    severity: "warning",
    message: "topic `{topic}` has {levels} levels and up to {octets} octets; AWS IoT Core takes {most} and {longest}",
    help: "shorten it, or give the params a pattern and a `maxLength`",
    acceptable: true,
  },
  "portability/payload-size": {
    severity: "warning",
    message: "a payload of up to {octets} octets; AWS IoT Core takes {most}",
    help: "send it in parts, or send where it can be fetched",
    acceptable: true,
  },
  "portability/integer-64": {
    severity: "warning",
    message:
      "`{field}` goes beyond ±9007199254740991, so it is text in JSON, which peers that were not generated must know",
    help: "bound it by `max: 9007199254740991`, or accept it",
    acceptable: true,
  },
  "portability/small-buffer": {
    severity: "warning",
    message: "a device must hold a packet of up to {octets} octets; PubSubClient holds {most} unless it is told more",
    help: "bound the message more tightly, or call `setBufferSize` in the firmware",
    acceptable: true,
    off: true,
  },
  "portability/expiry-without-clock": {
    severity: "warning",
    message: "MQTT 3.1.1 carries no expiry: there an order that waited for its device counts from when it arrives",
    help: "name the field that says when it was sent: `trustClock`, where clocks agree; or use MQTT 5",
    acceptable: true,
    off: true,
  },

  // What may happen in the world
  "safety/long-expiry": {
    severity: "warning",
    message: "something may begin to move {expiry} s after it was told to",
    help: 'make `expiry` shorter: `"30 s"` suits what a person waits for',
    acceptable: true,
  },
  "safety/no-link-lost": {
    severity: "warning",
    message: "the command has a safe action, and none for a connection that is gone: what moves goes on",
    help: 'add `onLinkLost: { …, after: "2 s" }`',
    acceptable: true,
  },
  "safety/no-on-invalid": {
    severity: "warning",
    message:
      "the command moves something, and a request that cannot be read leaves it as it is: it may have been the stop",
    help: "add `onInvalid: { … }`, the safe action",
    acceptable: true,
  },
  "safety/endless-duration": {
    severity: "warning",
    message: "`{field}` of a command that moves something may be {most}",
    help: "bound it by `max`: what is lost after a request then ends by itself",
    acceptable: true,
  },
  "safety/no-presence": {
    severity: "warning",
    message: "the contract has a command and no presence, so a caller learns that a device is gone only by waiting",
    help: 'add `status: presence("…/{…}/status", Status, …)`: the broker says it when the connection is cut',
    acceptable: true,
  },

  // Roles
  "contract/right-unknown": {
    severity: "error",
    message: "role `{role}` may {verb} `{right}`, which is no channel or leg",
    help: "known are {known}",
  },
  "contract/right-direction": {
    severity: "error",
    message: "role `{role}` may publish `{right}`, which comes from {from}",
    help: 'remove it, or say `from: "controller"` on the channel',
  },
  "contract/right-from": {
    severity: "error",
    message: "role `{role}` may publish `{right}`, which only `{from}` may",
    help: "remove it, or widen `from` on the channel",
  },
  "contract/bind-unknown": {
    severity: "error",
    message: "role `{role}` binds the param `{param}`, which is not declared",
    help: "name one of {known}",
  },
  "contract/reply-unreadable": {
    severity: "error",
    message: "role `{role}` may send `{command}` and cannot read its reply",
    help: "add `{reply}` to what it reads",
    acceptable: true,
  },
  "contract/reply-unwritable": {
    severity: "error",
    message: "role `{role}` receives `{command}` and no role may answer it",
    help: "add `{reply}` to what it publishes",
    acceptable: true,
  },
  "contract/nobody-reads": {
    severity: "error",
    message: "no role may read `{leg}`",
    help: "add it to a role's `read`, or remove the channel",
    acceptable: true,
  },
  "contract/nobody-publishes": {
    severity: "error",
    message: "no role may publish `{leg}`",
    help: "add it to a role's `publish`, or remove the channel",
    acceptable: true,
  },

  // Lock
  "compose/untold": {
    severity: "error",
    message:
      "{leg} and {other} share topics such as `{topic}`, and nothing tells their payloads apart: {silent} does not say",
    help: 'give both `versions`: a field that one `has` and the other `lacks`, or `"any"` where a reader takes both',
  },
  "compose/rules-disagree": {
    severity: "error",
    message: "{leg} takes what says `{rule}` and {other} what says `{answer}`: some payload is both's, or nobody's",
    help: "let one `has` what the other `lacks`",
  },
  "lock/json": {
    severity: "error",
    message: "the lock is not JSON: {problem}",
    help: "restore it from version control",
  },
  "lock/conflict": {
    severity: "error",
    message: "the lock has merge-conflict markers at line {line}",
    help: "run `fleetwire lock resolve --onto main` with the branch whose numbers stay, then `fleetwire generate`",
  },
  "lock/shape": {
    severity: "error",
    message: "the lock is not a lock: {problem}",
    help: "restore it from version control",
  },
  "lock/newer": {
    severity: "error",
    message: "the lock has version {version}; this fleetwire reads up to {known}",
    help: "update @fleetwire/cli",
  },
  "lock/edited": {
    severity: "error",
    message: "the lock was edited by hand: its digest is {digest}, its content has {actual}",
    help: "restore it from version control; numbers change only through the contract",
  },
  "lock/other-contract": {
    severity: "error",
    message: "the lock belongs to contract `{locked}`, not `{name}`",
    help: "keep one lock beside each contract, or rename the contract back",
  },
  "lock/name-reserved": {
    severity: "error",
    message: "`{name}` was removed in an earlier version and may not come back with another meaning",
    help: "choose another name; if the removal was never released, restore the lock from version control",
  },
  "lock/unknown-was": {
    severity: "warning",
    message: '`was: "{was}"` names nothing that the lock knows',
    help: "check its spelling, or remove it",
  },
} as const satisfies Readonly<Record<string, DiagnosticEntry>>

/** Name of a diagnostic, such as `contract/topic-overlap`. */
export type DiagnosticCode = keyof typeof diagnosticCodes
