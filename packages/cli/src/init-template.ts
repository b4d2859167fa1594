/** What `fleetwire init` writes; every name comes from the folder's. */
export interface InitNames {
  /** Kebab-case, such as `smart-home`. */
  readonly contract: string
  /** npm name of the contract package. */
  readonly package: string
  /** npm name of the generated SDK. */
  readonly sdk: string
  /** Range of the `@fleetwire` packages. */
  readonly range: string
  /** Folder of the SDK, relative to the contract's. */
  readonly out: string
  /** The contract becomes part of a workspace that builds its packages in one way. */
  readonly tsupPreset?: string
}

/** The files of a new contract package, path → text. */
export function initFiles(names: InitNames): Readonly<Record<string, string>> {
  return {
    "package.json": `${JSON.stringify(manifest(names), null, 2)}\n`,
    "contract.ts": contract(names),
    "tsconfig.json": `${JSON.stringify(TSCONFIG, null, 2)}\n`,
    "README.md": readme(names),
  }
}

function manifest({ package: name, sdk, range, out, tsupPreset }: InitNames): object {
  const head = { name, version: "1.0.0", private: true, type: "module" }
  const dependencies = { "@fleetwire/contract": range }
  const target = { out, package: sdk }
  if (tsupPreset !== undefined) {
    // Generation is a task of the repository's root: a script here would close a circle.
    const typescript = { ...target, version: "0.0.0", dependencyRange: range, tsupPreset }
    const fleetwire = { contract: "./contract.ts", targets: { typescript } }
    return { ...head, license: "Apache-2.0", exports: { ".": "./contract.ts" }, dependencies, fleetwire }
  }
  return {
    ...head,
    scripts: { generate: "fleetwire generate", check: "fleetwire check" },
    fleetwire: { contract: "./contract.ts", targets: { typescript: target } },
    dependencies,
    devDependencies: { "@fleetwire/cli": range, typescript: "^5.9.0" },
  }
}

const TSCONFIG = {
  compilerOptions: { target: "ES2022", module: "NodeNext", strict: true, noEmit: true, skipLibCheck: true },
  include: ["contract.ts"],
}

function contract({ contract: name }: InitNames): string {
  return `import { command, defineContract, message, presence, t, telemetry } from "@fleetwire/contract"

const Reading = message("Reading", {
  timestamp: t.unixSeconds({ auto: "now" }),
  temperature: t.float32({ min: -40, max: 85, decimals: 1, unit: "°C" }),
  battery: t.optional(t.uint8({ max: 100, unit: "%", doc: "State of charge." })),
})

const Status = message("Status", { status: t.enum(["online", "offline"]) })

const SetLight = message("SetLight", {
  id: t.string({ maxLength: 40, auto: "id" }),
  brightness: t.uint8({ max: 100, unit: "%" }),
})

const LightReply = message("LightReply", {
  id: t.string({ maxLength: 40, auto: "id" }),
  status: t.enum(["success", "error"]),
  message: t.string({ maxLength: 120 }),
})

export default defineContract({
  name: "${name}",
  version: "1.0.0",
  params: { deviceId: t.param({ pattern: "[a-z0-9-]+", maxLength: 32, examples: ["lamp-1"] }) },
  device: "deviceId",
  channels: {
    reading: telemetry("${name}/{deviceId}/reading", Reading, { every: "5 s" }),
    status: presence("${name}/{deviceId}/status", Status),
    setLight: command("${name}/{deviceId}/light/set", {
      request: SetLight,
      reply: "${name}/{deviceId}/light/reply",
      response: LightReply,
      outcome: { field: "status", success: "success", failure: "error", detail: "message" },
      timeout: "5 s",
    }),
  },
  roles: {
    app: { publish: ["setLight"], read: ["reading", "status", "setLight"] },
  },
})
`
}

function readme({ contract: name, sdk, out }: InitNames): string {
  return `# ${name}

The contract of ${name}: what its devices and controllers say to each other over MQTT.

    fleetwire check       # every mistake, with its line
    fleetwire generate    # writes the SDK and contract.lock.json

Fleetwire is not published yet: \`npm install\` finds none of its packages. Until it is, \`fleetwire\` stands for
\`node CLONE/tools/setup/fleetwire.mjs\`, where CLONE is a clone of its repository in which \`npm start\` ran once.

The SDK is \`${sdk}\` in \`${out}\`; its README says how a device and a controller are written with it.

Commit \`contract.ts\`, \`contract.lock.json\` and the SDK. The lock keeps the numbers of fields; it is never edited by hand.
`
}
