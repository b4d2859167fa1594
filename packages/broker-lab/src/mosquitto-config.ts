import { createHash, pbkdf2Sync, randomBytes } from "node:crypto"

export type ListenerKind = "tcp" | "tls" | "ws" | "wss"

/** PEM texts of a listener's TLS. */
export interface ListenerTls {
  readonly cert: string
  readonly key: string
  /** Who may sign client certificates; also what clients are told to trust in tests. */
  readonly ca?: string
  /** Refuse clients without a certificate of `ca` (mutual TLS). */
  readonly requireCertificate?: boolean
  /** Take the user name from the certificate's common name. */
  readonly identityAsUsername?: boolean
}

export interface ListenerOptions {
  readonly kind: ListenerKind
  /** Default: a free one. */
  readonly port?: number
  readonly tls?: ListenerTls
  /** The client id is the user name, whatever the client says: only then are rules with `%c` sound. */
  readonly usernameAsClientId?: boolean
}

/** How one Mosquitto is set. What is not given is Mosquitto's default, except `set_tcp_nodelay true`. */
export interface MosquittoSettings {
  /** Let clients in without a name. Default: true, unless `users` is given. */
  readonly anonymous?: boolean
  /** User names and passwords. */
  readonly users?: Readonly<Record<string, string>>
  /** A ready password file in Mosquitto's format, instead of `users`. */
  readonly passwordFile?: string
  /** Text of an ACL file. */
  readonly acl?: string
  /** Configuration of the dynamic security plugin as JSON text. */
  readonly dynamicSecurity?: string
  /** Passwords are tokens, checked by the plugin of `provideJwtAuth`. */
  readonly tokens?: TokenSettings
  /** Keep sessions and retained messages over an orderly restart. Default false. */
  readonly persistence?: boolean
  /** Further global lines, such as `{ max_queued_messages: 0 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

/** Whose tokens are accepted. One of `secret` and `publicKey` is needed. */
export interface TokenSettings {
  /** Path of the compiled plugin. */
  readonly plugin: string
  /** Of HS256; at least 32 octets. */
  readonly secret?: Uint8Array
  /** Of ES256; PEM. */
  readonly publicKey?: string
  readonly audience?: string
  /** Refuse client ids that are not the subject's (`subject`, or `contract.role.subject` with or without more). */
  readonly ownClientId?: boolean
}

/** Files, by name within the broker's directory, with their texts. */
export type ConfigFiles = ReadonlyMap<string, string | Uint8Array>

/** Prints the configuration file and the files that it names, for a broker that lives in `directory`. */
export function printMosquittoConfig(options: {
  readonly directory: string
  readonly settings: MosquittoSettings
  readonly listeners: readonly (ListenerOptions & { readonly port: number })[]
  readonly bind: string
  readonly user?: string
  readonly dynamicSecurityPlugin?: string
}): ConfigFiles {
  const { directory, settings } = options
  const files = new Map<string, string | Uint8Array>()
  const named = settings.users ?? {}
  const lines = ["per_listener_settings false", "set_tcp_nodelay true", "log_dest stderr", "log_type all"]
  lines.push("connection_messages true", "log_timestamp false")
  if (options.user !== undefined) lines.push(`user ${options.user}`)
  lines.push(`allow_anonymous ${settings.anonymous ?? (settings.users === undefined && settings.tokens === undefined)}`)
  if (settings.users !== undefined) {
    const rows = Object.entries(named).map(([name, password]) => `${name}:${passwordHash(password)}\n`)
    files.set("passwords", rows.join(""))
    lines.push(`password_file ${directory}/passwords`)
  } else if (settings.passwordFile !== undefined) lines.push(`password_file ${settings.passwordFile}`)
  if (settings.acl !== undefined) {
    files.set("acl", settings.acl)
    lines.push(`acl_file ${directory}/acl`)
  }
  if (settings.dynamicSecurity !== undefined) {
    if (options.dynamicSecurityPlugin === undefined) throw new Error("this Mosquitto has no dynamic security plugin")
    files.set("dynamic-security.json", settings.dynamicSecurity)
    lines.push(`plugin ${options.dynamicSecurityPlugin}`)
    lines.push(`plugin_opt_config_file ${directory}/dynamic-security.json`)
  }
  if (settings.tokens !== undefined) lines.push(...tokenLines(settings.tokens, directory, files))
  if (settings.persistence === true) lines.push("persistence true", `persistence_location ${directory}/`)
  for (const [name, value] of Object.entries(settings.settings ?? {})) lines.push(`${name} ${value}`)
  options.listeners.forEach((listener, index) => {
    lines.push(`listener ${listener.port} ${options.bind}`, "socket_domain ipv4")
    // A setting of a listener: before the first one it would be for Mosquitto's own, which is not open.
    if (listener.usernameAsClientId === true) lines.push("use_username_as_clientid true")
    if (listener.kind === "ws" || listener.kind === "wss") lines.push("protocol websockets")
    if (listener.kind === "tls" || listener.kind === "wss") lines.push(...tlsLines(listener, index, directory, files))
  })
  files.set("mosquitto.conf", `${lines.join("\n")}\n`)
  return files
}

function tokenLines(tokens: TokenSettings, directory: string, files: Map<string, string | Uint8Array>): string[] {
  const lines = [`plugin ${tokens.plugin}`]
  if (tokens.secret !== undefined) {
    files.set("token-secret", tokens.secret)
    lines.push(`plugin_opt_hs256_secret_file ${directory}/token-secret`)
  }
  if (tokens.publicKey !== undefined) {
    files.set("token-key.pem", tokens.publicKey)
    lines.push(`plugin_opt_es256_key_file ${directory}/token-key.pem`)
  }
  if (tokens.audience !== undefined) lines.push(`plugin_opt_audience ${tokens.audience}`)
  if (tokens.ownClientId === true) lines.push("plugin_opt_own_client_id true")
  return lines
}

function tlsLines(
  listener: ListenerOptions,
  index: number,
  directory: string,
  files: Map<string, string | Uint8Array>,
): string[] {
  const { tls } = listener
  if (tls === undefined) throw new Error(`a ${listener.kind} listener needs tls: { cert, key }`)
  const name = (part: string) => `listener-${index}.${part}.pem`
  files.set(name("cert"), tls.cert)
  files.set(name("key"), tls.key)
  const lines = [`certfile ${directory}/${name("cert")}`, `keyfile ${directory}/${name("key")}`]
  if (tls.ca !== undefined) {
    files.set(name("ca"), tls.ca)
    lines.push(`cafile ${directory}/${name("ca")}`)
  }
  if (tls.requireCertificate === true) lines.push("require_certificate true")
  if (tls.identityAsUsername === true) lines.push("use_identity_as_username true")
  return lines
}

/** One password in the form that Mosquitto 2 reads from a password file: PBKDF2 of SHA-512. */
export function passwordHash(password: string): string {
  const salt = randomBytes(12)
  const rounds = 101
  const length = createHash("sha512").digest().length
  const hash = pbkdf2Sync(password, salt, rounds, length, "sha512")
  return `$7$${rounds}$${salt.toString("base64")}$${hash.toString("base64")}`
}
