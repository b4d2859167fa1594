import { defineConfig } from "vitest/config"

const source = { conditions: ["@fleetwire/source", "node", "import", "module", "default"] }

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
        },
      },
      {
        extends: true,
        test: {
          name: "broker",
          include: ["{packages,apps,tools}/**/*.broker.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
