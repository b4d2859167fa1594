import type { OptionSpecs } from "./arguments.js"
import type { ExitCode } from "./exit-code.js"
import type { Terminal } from "./terminal.js"

/** A sub-command: what it does with its arguments, and which options it takes. */
export interface LoadedCommand {
  readonly command: (argv: readonly string[], terminal: Terminal) => Promise<ExitCode>
  readonly options: OptionSpecs
}

/** Sub-commands load only when they are called: `generate` never loads an MQTT client. */
export const COMMANDS: Readonly<Record<string, () => Promise<LoadedCommand>>> = {
  init: async () => loaded(await import("./init.js"), "init"),
  import: async () => loaded(await import("./import.js"), "importDocument"),
  generate: async () => loaded(await import("./generate.js"), "generate"),
  check: async () => loaded(await import("./check.js"), "check"),
  diff: async () => loaded(await import("./diff.js"), "diff"),
  lock: async () => loaded(await import("./lock.js"), "lock"),
  explain: async () => loaded(await import("./explain.js"), "explain"),
  size: async () => loaded(await import("./size.js"), "size"),
  send: async () => loaded(await import("./send.js"), "send"),
  call: async () => loaded(await import("./call.js"), "call"),
  monitor: async () => loaded(await import("./monitor.js"), "monitor"),
  access: async () => loaded(await import("./access.js"), "access"),
  "broker-settings": async () => loaded(await import("./broker-settings.js"), "brokerSettings"),
  doctor: async () => loaded(await import("./doctor.js"), "doctor"),
  certs: async () => loaded(await import("./certs.js"), "certs"),
  verify: async () => loaded(await import("./verify.js"), "verify"),
  completion: async () => loaded(await import("./completion.js"), "completion"),
}

function loaded<K extends string>(
  module: { readonly [name in K]: LoadedCommand["command"] } & { readonly OPTIONS: OptionSpecs },
  name: K,
): LoadedCommand {
  return { command: module[name], options: module.OPTIONS }
}
