// Long because it is one table.
import type { CommandSemanticsIr, RoleIr } from "@fleetwire/ir"
import { type ChannelSpec, channel, choice, contract, type Pair, req, text, u8 } from "../contracts.js"
import { type Case, rowsFrom } from "./case.js"

const design = rowsFrom("evolution")
const buf = rowsFrom("buf")
const oasdiff = rowsFrom("oasdiff")
const own = rowsFrom("own")

const command = (old: Partial<CommandSemanticsIr>, next: Partial<CommandSemanticsIr>, spec: ChannelSpec = {}): Pair =>
  channel({ kind: "command", ...spec, command: old }, { kind: "command", ...spec, command: next })
const roles = (
  old: Readonly<Record<string, Partial<RoleIr>>>,
  next: Readonly<Record<string, Partial<RoleIr>>>,
): Pair => {
  const channels = { reading: {}, level: { kind: "state" as const }, move: { kind: "command" as const } }
  return [contract({ channels, roles: old }), contract({ channels, roles: next })]
}
const all = { read: ["level.message", "move.reply", "reading.message"], publish: ["move.request"] }
const presence = { kind: "presence", message: { status: req(text(8)) } } as const
const shared = (writers: readonly string[]): Pair[0] =>
  contract({
    channels: { mode: { kind: "state", from: "controller" } },
    roles: {
      app: { publish: writers.includes("app") ? ["mode.message"] : [], read: ["mode.message"] },
      backend: { publish: writers.includes("backend") ? ["mode.message"] : [], read: ["mode.message"] },
    },
  })
const five = { options: { mqtt: "5" } } as const
const old311 = { options: { mqtt: "3.1.1" } } as const
const broadcast = { kind: "broadcast" } as const

/** Commands, presence, configuration, broadcasts and roles. */
export const behaviourCases: readonly Case[] = [
  design(
    "reply topic changed",
    "breaks",
    "leg/topic-changed",
    channel({ kind: "command" }, { kind: "command", reply: { topic: "demo/{unit}/answers" } }),
  ),
  design("correlation field changed", "breaks", "command/correlation-changed", [
    contract({ channels: { move: { kind: "command", message: { id: req(text(20)), no: req(text(20)) } } } }),
    contract({
      channels: {
        move: {
          kind: "command",
          message: { id: req(text(20)), no: req(text(20)) },
          command: { correlate: { request: "no", reply: { field: "id" } } },
        },
      },
    }),
  ]),
  design("timeout shortened", "silent", "command/timeout-shortened", command({ timeoutMs: 5000 }, { timeoutMs: 3000 })),
  design(
    "concurrency lowered",
    "silent",
    "command/concurrency-lowered",
    command({ concurrency: 4 }, { concurrency: 1 }),
  ),
  design(
    "safe action changed",
    "silent",
    "command/on-invalid-changed",
    command({ onInvalid: { speed: 0 } }, { onInvalid: { speed: 1 } }),
  ),
  design(
    "pre-empting request changed",
    "silent",
    "command/preempt-changed",
    command({ preempt: { speed: 0 } }, { preempt: { speed: 1 } }),
  ),
  design(
    "what runs when the link is lost changed",
    "silent",
    "command/on-link-lost-changed",
    command(
      { onLinkLost: { action: { speed: 0 }, afterMs: 2000 } },
      { onLinkLost: { action: { speed: 0 }, afterMs: 9000 } },
    ),
  ),
  design(
    "role loses a right, MQTT 5",
    "breaks",
    "role/publish-lost",
    roles({ app: all }, { app: { ...all, publish: [] } }),
    five,
  ),
  design(
    "role loses a right, 3.1.1",
    "silent",
    "role/publish-lost",
    roles({ app: all }, { app: { ...all, publish: [] } }),
    old311,
  ),
  design(
    "role loses a right, nobody knows which MQTT",
    "silent",
    "role/read-lost",
    roles({ app: all }, { app: { ...all, read: ["move.reply", "reading.message"] } }),
  ),
  design(
    "role's right to read is widened",
    "safe",
    "role/read-gained",
    roles({ app: { ...all, read: ["move.reply", "reading.message"] } }, { app: all }),
  ),
  design("second writer of a state", "breaks", "role/second-writer", [shared(["app"]), shared(["app", "backend"])]),

  buf(
    "RPC_SAME_IDEMPOTENCY_LEVEL: idempotence given up",
    "silent",
    "command/idempotence-dropped",
    command({ idempotent: true }, { idempotent: false }),
  ),
  buf(
    "RPC_SAME_IDEMPOTENCY_LEVEL: idempotence promised",
    "devices first",
    "command/idempotence-promised",
    command({ idempotent: false }, { idempotent: true }),
  ),

  oasdiff("api-security-removed: a role comes", "safe", "role/added", roles({ app: all }, { app: all, backend: all })),
  oasdiff("api-security-added: a role goes", "silent", "role/removed", roles({ app: all, backend: all }, { app: all })),
  oasdiff(
    "security scope added: params bound",
    "silent",
    "role/bind-narrowed",
    roles({ app: all }, { app: { ...all, bind: ["unit"] } }),
  ),
  oasdiff(
    "security scope removed: params no longer bound",
    "safe",
    "role/bind-widened",
    roles({ app: { ...all, bind: ["unit"] } }, { app: all }),
  ),
  oasdiff(
    "right to publish gained",
    "safe",
    "role/publish-gained",
    roles({ app: { ...all, publish: [] } }, { app: all }),
  ),

  own("timeout lengthened", "safe", "command/timeout-lengthened", command({ timeoutMs: 5000 }, { timeoutMs: 9000 })),
  own(
    "execution timeout shortened",
    "silent",
    "command/execution-timeout-shortened",
    command({ executionTimeoutMs: 5000 }, { executionTimeoutMs: 1000 }),
  ),
  own(
    "execution timeout lengthened",
    "safe",
    "command/execution-timeout-lengthened",
    command({ executionTimeoutMs: 5000 }, { executionTimeoutMs: 9000 }),
  ),
  own("concurrency raised", "safe", "command/concurrency-raised", command({ concurrency: 1 }, { concurrency: 2 })),
  own("fewer requests may wait", "silent", "command/queue-lowered", command({ queueBound: 16 }, { queueBound: 0 })),
  own("more requests may wait", "safe", "command/queue-raised", command({ queueBound: 16 }, { queueBound: 32 })),
  own(
    "outcomes remembered for a shorter time",
    "silent",
    "command/memory-shortened",
    command(
      { remember: { count: 256, bytes: 65_536, retentionMs: 90_000 } },
      { remember: { count: 256, bytes: 65_536, retentionMs: 20_000 } },
    ),
  ),
  own(
    "fewer outcomes remembered",
    "silent",
    "command/memory-shortened",
    command(
      { remember: { count: 256, bytes: 65_536, retentionMs: 90_000 } },
      { remember: { count: 16, bytes: 65_536, retentionMs: 90_000 } },
    ),
  ),
  own(
    "more outcomes remembered",
    "safe",
    "command/memory-lengthened",
    command(
      { remember: { count: 256, bytes: 65_536, retentionMs: 90_000 } },
      { remember: { count: 512, bytes: 65_536, retentionMs: 90_000 } },
    ),
  ),
  own("journal given up", "silent", "command/journal-weakened", command({ journal: "required" }, { journal: "none" })),
  own(
    "journal required from now on",
    "devices first",
    "command/journal-strengthened",
    command({ journal: "none" }, { journal: "required" }),
  ),
  own(
    "journal made optional",
    "safe",
    "command/journal-strengthened",
    command({ journal: "none" }, { journal: "optional" }),
  ),
  own(
    "safe action given for the first time",
    "silent",
    "command/on-invalid-changed",
    command({}, { onInvalid: { speed: 0 } }),
  ),
  own(
    "cancelling told to the device from now on",
    "devices first",
    "command/cancel-added",
    command({}, { cancel: true }),
  ),
  own(
    "cancelling no longer told to the device",
    "controllers first",
    "command/cancel-removed",
    command({ cancel: true }, {}),
  ),
  own(
    "the sender's clock is trusted from now on",
    "silent",
    "command/trusted-clock-changed",
    command({}, { trustedClock: "at" }),
  ),
  own(
    "field of the outcome changed",
    "silent",
    "command/outcome-changed",
    command(
      { outcome: { field: "status", success: ["ok"], failure: "failed" } },
      { outcome: { field: "id", success: ["ok"], failure: "failed" } },
    ),
  ),
  own(
    "another value means success",
    "silent",
    "command/outcome-changed",
    command(
      { outcome: { field: "status", success: ["ok"], failure: "failed" } },
      { outcome: { field: "status", success: ["done"], failure: "failed" } },
      { response: { id: req(text(20)), status: req(choice(["ok", "done", "failed"])) } },
    ),
  ),
  own(
    "reply correlated by a param of its topic",
    "breaks",
    "command/correlation-changed",
    command({}, { correlate: { request: "id", reply: { param: "id" } } }),
  ),
  own(
    "words of presence changed",
    "silent",
    "channel/presence-words-changed",
    channel({ ...presence }, { ...presence, more: { offline: { status: "gone" } } }),
  ),
  own(
    "will delayed",
    "silent",
    "channel/will-delay-changed",
    channel({ ...presence }, { ...presence, more: { willDelayMs: 5000 } }),
  ),
  own(
    "version field of a config changed",
    "breaks",
    "config/version-field-changed",
    channel(
      { kind: "config", message: { version: req(u8()), revision: req(u8()) } },
      { kind: "config", message: { version: req(u8()), revision: req(u8()) }, more: { versionField: "revision" } },
    ),
  ),
  own(
    "broadcast answered from now on",
    "devices first",
    "broadcast/replies-added",
    channel(broadcast, { ...broadcast, legs: ["reply"] }),
  ),
  own(
    "broadcast no longer answered",
    "controllers first",
    "broadcast/replies-removed",
    channel({ ...broadcast, legs: ["reply"] }, broadcast),
  ),
  own("broadcast served by a command's handler", "silent", "broadcast/handler-changed", [
    contract({ channels: { move: { kind: "command" }, halt: broadcast } }),
    contract({ channels: { move: { kind: "command" }, halt: { ...broadcast, more: { as: "move" } } } }),
  ]),
  own(
    "action promised to be idempotent",
    "safe",
    "action/idempotence-changed",
    channel({ kind: "action" }, { kind: "action", more: { idempotent: true } }),
  ),
  own(
    "action no longer idempotent",
    "silent",
    "action/idempotence-changed",
    channel({ kind: "action", more: { idempotent: true } }, { kind: "action" }),
  ),
  own(
    "role's session shortened",
    "silent",
    "session/shortened",
    roles(
      { app: { ...all, session: { kind: "persistent", expirySeconds: 3600 } } },
      { app: { ...all, session: { kind: "clean" } } },
    ),
  ),
  own(
    "role's session made persistent",
    "safe",
    "session/lengthened",
    roles({ app: all }, { app: { ...all, session: { kind: "persistent", expirySeconds: 3600 } } }),
  ),
  own(
    "description of a role changed",
    "safe",
    "role/annotation-changed",
    roles({ app: all }, { app: { ...all, doc: "People." } }),
  ),
  own("doc of the contract changed", "safe", "contract/annotation-changed", [
    contract({}),
    { ...contract({}), doc: "Words." },
  ]),
]
