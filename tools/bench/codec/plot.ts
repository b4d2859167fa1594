/** A group of bars. */
export interface Group {
  readonly title: string
  readonly bars: readonly { readonly name: string; readonly value: number; readonly own: boolean }[]
}

const WIDTH = 760
const LEFT = 300
const BAR = 18

/** Horizontal bars of ratios, in groups, as SVG. Reads on light and dark pages. */
export function plot(groups: readonly Group[]): string {
  const lines: string[] = []
  let y = 12
  for (const { title, bars } of groups) {
    y += 22
    lines.push(`<text x="0" y="${y}" font-weight="600">${escaped(title)}</text>`)
    const most = Math.max(...bars.map(({ value }) => value))
    for (const { name, value, own } of [...bars].sort((a, b) => a.value - b.value)) {
      y += BAR + 4
      const width = Math.max(2, ((WIDTH - LEFT - 60) * value) / most)
      lines.push(
        `<text x="${LEFT - 8}" y="${y}" text-anchor="end"${own ? ' font-weight="600"' : ""}>${escaped(name)}</text>`,
        `<rect x="${LEFT}" y="${y - 13}" width="${width.toFixed(1)}" height="${BAR - 2}" rx="2" fill="${own ? "#0b7285" : "#adb5bd"}"/>`,
        `<text x="${(LEFT + width + 6).toFixed(1)}" y="${y}">${value.toFixed(2)}</text>`,
      )
    }
    y += 10
  }
  const style = "text{font:13px system-ui,sans-serif;fill:#212529}@media(prefers-color-scheme:dark){text{fill:#dee2e6}}"
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 10}" role="img" aria-label="CPU time of codecs on telemetry, lower is better">`,
    `<style>${style}</style>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n")
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
}
