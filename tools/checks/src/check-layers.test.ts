import { expect, it } from "vitest"
import { checkLayers } from "./check-layers.js"
import { formatFinding } from "./finding.js"
import { type FixtureFiles, withTree } from "./fixture-tree.js"

const topic = { "packages/topic/package.json": { name: "@fleetwire/topic" } }
const runtime = {
  ...topic,
  "packages/runtime/package.json": { name: "@fleetwire/runtime", dependencies: { "@fleetwire/topic": "workspace:*" } },
}

const cases: readonly { given: string; files: FixtureFiles; want: readonly string[] }[] = [
  {
    given: "a package that imports what it may and declares it",
    files: { ...runtime, "packages/runtime/src/a.ts": 'import { parse } from "@fleetwire/topic"\n' },
    want: [],
  },
  {
    given: "the same import without a declaration",
    files: {
      ...topic,
      "packages/runtime/package.json": { name: "@fleetwire/runtime" },
      "packages/runtime/src/a.ts": 'import { parse } from "@fleetwire/topic"\n',
    },
    want: ["packages/runtime/src/a.ts:1 · @fleetwire/topic is not among the dependencies"],
  },
  {
    given: "an import against the one way, though only of a type",
    files: { ...topic, "packages/topic/src/a.ts": '\nimport type { ContractIr } from "@fleetwire/ir"\n' },
    want: ["packages/topic/src/a.ts:2 · packages/topic may not import @fleetwire/ir"],
  },
  {
    given: "a second importer of the MQTT client, lazily",
    files: { ...runtime, "packages/runtime/src/a.ts": 'export const load = () => import("mqtt")\n' },
    want: ["packages/runtime/src/a.ts:1 · packages/runtime may not import mqtt"],
  },
  {
    given: "a declared dependency that nobody may have",
    files: {
      "packages/topic/package.json": { name: "@fleetwire/topic", dependencies: { mqtt: "5.16.0" } },
    },
    want: ["packages/topic/package.json · packages/topic may not depend on mqtt"],
  },
  {
    given: "a Node built-in where code runs in browsers",
    files: { ...topic, "packages/topic/src/a.ts": 'import { readFileSync } from "node:fs"\n' },
    want: ["packages/topic/src/a.ts:1 · packages/topic runs in browsers and may not use node:fs"],
  },
  {
    given: "a Node built-in in a test of the same package",
    files: { ...topic, "packages/topic/src/a.test.ts": 'import { readFileSync } from "node:fs"\n' },
    want: [],
  },
  {
    given: "a Node built-in behind the entry point for Node",
    files: {
      ...topic,
      "packages/topic/src/node.ts": 'export { a } from "./node/a.js"\n',
      "packages/topic/src/node/a.ts": 'import { readFileSync } from "node:fs"\nexport const a = readFileSync\n',
    },
    want: [],
  },
  {
    given: "a browser module that loads the part for Node",
    files: {
      ...topic,
      "packages/topic/src/index.ts": 'export { a } from "./node/a.js"\n',
      "packages/topic/src/node/a.ts": "export const a = 1\n",
    },
    want: ["packages/topic/src/index.ts:1 · ./node/a.js is for Node only; browsers load this module"],
  },
  {
    given: "a Node built-in without its prefix",
    files: {
      "apps/bridge/package.json": { name: "@fleetwire/bridge" },
      "apps/bridge/src/a.ts": 'import { join } from "path"\n',
    },
    want: ["apps/bridge/src/a.ts:1 · write node:path"],
  },
  {
    given: "a path into another package",
    files: { ...runtime, "packages/runtime/src/a.ts": 'export { parse } from "../../topic/src/parse.js"\n' },
    want: [
      "packages/runtime/src/a.ts:1 · ../../topic/src/parse.js leaves the package; import what the other package exports",
    ],
  },
  {
    given: "a test that reads a contract by path",
    files: { ...topic, "packages/topic/src/a.test.ts": 'import c from "../../../schemas/iot-car/contract.js"\n' },
    want: [],
  },
  {
    given: "an application that uses an SDK, whichever it is, and a contract",
    files: {
      "packages/sdks/cellar/typescript/package.json": { name: "@fleetwire/cellar" },
      "schemas/cellar/package.json": { name: "@fleetwire/schema-cellar" },
      "apps/bridge/package.json": {
        name: "@fleetwire/bridge",
        dependencies: { "@fleetwire/cellar": "workspace:*", "@fleetwire/schema-cellar": "workspace:*" },
      },
    },
    want: ["apps/bridge/package.json · apps/bridge may not depend on @fleetwire/schema-cellar"],
  },
  {
    given: "a package that the table does not know",
    files: { "packages/utils/package.json": { name: "@fleetwire/utils" } },
    want: ["packages/utils/package.json · no layer rule for packages/utils"],
  },
  {
    given: "a circle through development dependencies",
    files: {
      ...runtime,
      "packages/topic/package.json": {
        name: "@fleetwire/topic",
        devDependencies: { "@fleetwire/runtime": "workspace:*" },
      },
    },
    want: [
      "packages/runtime/package.json · packages depend on each other: @fleetwire/runtime → @fleetwire/topic → @fleetwire/runtime",
    ],
  },
]

for (const { given, files, want } of cases) {
  it(`judges ${given}`, async () => {
    expect(await withTree(files, (root) => checkLayers(root).map(formatFinding))).toEqual(want)
  })
}
