// Random faults: `node tools/chaos/run.mjs --seeds 1000`. See README.md.
import { pathToFileURL } from "node:url"
import { bundleEntry } from "../setup/run-ts.mjs"

await import(pathToFileURL(await bundleEntry("tools/chaos/src/main.ts")).href)
