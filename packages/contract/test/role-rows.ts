import { command, event, message, t, telemetry } from "../src/index.js"
import type { Row } from "./row.js"
import { Reading, smallContract, withChannel } from "./small-contract.js"

const id = t.string({ maxLength: 32 })
const drive = command("demo/{unit}/command", {
  request: message("Request", { id }),
  reply: "demo/{unit}/response",
  response: message("Answer", { id, status: t.enum(["ok", "failed"]) }),
  outcome: { field: "status", success: "ok", failure: "failed" },
})
const help = command("demo/{unit}/help", { ...drive.options, from: "device" })
const role = (app: object, more: object = {}) => smallContract({ roles: { app, ...more } })

/** Mistakes in roles. */
export const roleRows: readonly Row[] = [
  {
    code: "contract/right-unknown",
    given: () => role({ read: ["reading", "readings"] }),
    path: "roles.app",
    message: "role `app` may read `readings`, which is no channel or leg",
    help: "known are `reading`",
  },
  {
    code: "contract/right-direction",
    given: () => role({ publish: ["reading"], read: "*" }),
    path: "roles.app",
    message: "role `app` may publish `reading`, which comes from the device",
    help: 'remove it, or say `from: "controller"` on the channel',
  },
  {
    code: "contract/right-from",
    given: () =>
      withChannel(event("demo/{unit}/alert", Reading, { from: "monitor" }), {
        roles: { app: { publish: ["tested"], read: "*" }, monitor: { publish: ["tested"] } },
      }),
    path: "roles.app",
    message: "role `app` may publish `tested`, which only `monitor` may",
    help: "remove it, or widen `from` on the channel",
  },
  {
    code: "contract/bind-unknown",
    given: () => role({ read: "*", bind: ["car"] }),
    path: "roles.app",
    message: "role `app` binds the param `car`, which is not declared",
    help: "name one of `unit`",
  },
  {
    code: "contract/reply-unreadable",
    given: () => withChannel(drive, { roles: { app: { publish: ["tested"] }, backend: { read: "*" } } }),
    path: "roles.app",
    message: "role `app` may send `tested` and cannot read its reply",
    help: "add `tested` to what it reads",
  },
  {
    code: "contract/reply-unwritable",
    given: () =>
      smallContract({
        channels: { help, hint: telemetry("demo/{unit}/hint", Reading, { from: "controller" }) },
        roles: { app: { read: ["help"], publish: ["hint"] } },
      }),
    path: "roles.app",
    message: "role `app` receives `help` and no role may answer it",
    help: "add `help.reply` to what it publishes",
  },
  {
    code: "contract/nobody-reads",
    given: () => role({}),
    path: "channels.reading",
    message: "no role may read `reading.message`",
    help: "add it to a role's `read`, or remove the channel",
  },
  {
    code: "contract/nobody-publishes",
    given: () => withChannel(drive, { roles: { app: { read: "*" } } }),
    path: "channels.tested.request",
    message: "no role may publish `tested.request`",
    help: "add it to a role's `publish`, or remove the channel",
  },
]
