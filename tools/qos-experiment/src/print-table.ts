import { LEVELS } from "./numbered-contract.js"
import type { Outcome } from "./run-experiment.js"

const HEAD = ["QoS", "sent", "accepted", "arrived", "different", "repeated", "lost", "out of order"]

/** The outcome of one experiment as a table. */
export function printTable(title: string, outcome: Outcome): string {
  const rows = LEVELS.map((level) => {
    const { sent, accepted, received, distinct, repeated, lost, overtaken } = outcome[level]
    return [level, sent, accepted, received, distinct, repeated, lost, overtaken].map(String)
  })
  const widths = HEAD.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`
  const rule = line(widths.map((width) => "-".repeat(width)))
  return [title, "", line(HEAD), rule, ...rows.map(line), ""].join("\n")
}
