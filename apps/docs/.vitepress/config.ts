import { existsSync, readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitepress"

const docs = dirname(dirname(fileURLToPath(import.meta.url)))
const reference = join(docs, "reference")
const contracts = existsSync(reference)
  ? readdirSync(reference).filter((name) => name !== "diagnostics" && name !== "comparison")
  : []

const page = (text: string, link: string) => ({ text, link })

export default defineConfig({
  title: "Fleetwire",
  description: "One contract for an MQTT fleet.",
  lang: "en",
  // A link that leads nowhere fails the build.
  ignoreDeadLinks: false,
  cleanUrls: true,
  lastUpdated: false,
  themeConfig: {
    search: { provider: "local" },
    nav: [
      page("Handbook", "/handbook/"),
      page("Protocol", "/protocol/"),
      ...(contracts[0] === undefined ? [] : [page("Reference", `/reference/${contracts[0]}/`)]),
    ],
    sidebar: [
      {
        text: "Handbook",
        items: [
          page("Getting started", "/handbook/getting-started"),
          page("Changing a contract", "/handbook/evolution"),
          page("Testing", "/handbook/testing"),
          page("Access", "/handbook/access"),
          page("The broker", "/handbook/broker"),
          page("Rules beyond mistakes", "/handbook/rules"),
          page("Monitor", "/handbook/monitor"),
          page("Other tools", "/handbook/other-tools"),
          page("Two versions at once", "/handbook/two-versions"),
          page("What QoS gives", "/handbook/qos-experiment"),
          page("Firmware in C", "/handbook/firmware"),
          page("A device in C", "/handbook/firmware-device"),
          page("Verify your firmware", "/handbook/verify"),
          page("Formats and patterns", "/handbook/formats"),
          page("Words", "/handbook/words"),
        ],
      },
      {
        text: "Protocol",
        items: [
          page("How to read it", "/protocol/"),
          page("Z · Ground", "/protocol/ground"),
          page("T · Topics", "/protocol/topics"),
          page("W · Payloads", "/protocol/payloads"),
          page("P · Presence", "/protocol/presence"),
          page("M · Streams", "/protocol/streams"),
          page("C · Commands", "/protocol/commands"),
          page("B · Broadcast", "/protocol/broadcast"),
          page("F · Configuration", "/protocol/configuration"),
          page("S · Sessions", "/protocol/sessions"),
          page("X · Access", "/protocol/access"),
          page("Scenarios, clause by clause", "/protocol/conformance"),
          page("What proves which clause", "/protocol/proof"),
          page("Random fault runs", "/protocol/fault-runs"),
        ],
      },
      ...contracts.map((name) => ({
        text: `Reference: ${name}`,
        items: [
          page("Topics", `/reference/${name}/`),
          page("Channels", `/reference/${name}/channels`),
          page("Messages", `/reference/${name}/messages`),
          page("Roles", `/reference/${name}/roles`),
        ],
      })),
      {
        text: "Project",
        items: [
          page("Diagnostics", "/reference/diagnostics/"),
          page("Rules of comparison", "/reference/comparison/"),
          page("Architecture", "/architecture"),
          page("Decision records", "/adr/"),
          page("Benchmarks", "/benchmarks"),
          page("Firmware in figures", "/firmware-figures"),
        ],
      },
    ],
  },
})
