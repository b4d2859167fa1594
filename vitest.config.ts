import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

const cores = Math.max(2, availableParallelism())

// Workers pass these on to Node, where `import` or `module` would change what a dependency's own `require` finds.
const source = { conditions: ["@fleetwire/source", "node"] }

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps,schemas,tools}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "**/*.broker.test.ts"],
          maxWorkers: cores,
          // Fuzzing and compiling take their time on a machine that does something else as well.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "broker",
          include: ["{packages,apps,tools}/**/*.broker.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          // They wait for brokers, processes and time limits more than they compute.
          maxWorkers: cores + 1,
          maxConcurrency: 6,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
