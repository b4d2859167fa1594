import { parseTemplate, type Template, templatesOverlap } from "@fleetwire/topic"
import fc from "fast-check"
import { expect, it } from "vitest"
import { TemplateTree } from "./template-tree.js"

const template = (text: string): Template => {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

it("offers every template that overlaps, whatever the others are", () => {
  const level = fc.constantFrom("a", "b", "{x}", "{y}")
  const text = fc
    .array(level, { minLength: 1, maxLength: 4 })
    .filter(
      (levels) =>
        new Set(levels.filter((one) => one.startsWith("{"))).size ===
        levels.filter((one) => one.startsWith("{")).length,
    )
    .map((levels) => levels.join("/"))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), text, (others, one) => {
      const tree = new TemplateTree<string>()
      for (const other of others) tree.add(template(other), other)
      const wanted = others.filter((other) => templatesOverlap(template(one), template(other)))
      expect([...tree.candidates(template(one))].sort()).toEqual([...wanted].sort())
    }),
    { seed: 1, numRuns: 500 },
  )
})

it.each([
  { given: "iot/{car}/status", others: ["iot/fleet/config"], want: ["car=fleet"] },
  { given: "iot/{car}/status", others: ["other/fleet/config"], want: [] },
  { given: "iot/{car}/status", others: ["iot/reserved/config"], want: [] },
  {
    given: "iot/{car}/{part}",
    others: ["iot/fleet/config", "iot/{car}/status"],
    want: ["car=fleet", "part=config", "part=status"],
  },
  { given: "iot/x/{part}", others: ["iot/{car}/status"], want: ["part=status"] },
  { given: "iot/reserved/{part}", others: ["iot/{car}/status"], want: [] },
])("finds the literals beside $given among $others", ({ given, others, want }) => {
  const tree = new TemplateTree<string>()
  for (const other of others) tree.add(template(other), other)
  const found = tree.beside(template(given), (_param, literal) => literal !== "reserved")
  expect(found.map(({ param, literal }) => `${param}=${literal}`).sort()).toEqual(want)
})
