import { describe, expect, it } from "vitest"
import { createScreen } from "./screen.js"

function captured(isTTY: boolean, columns = 80) {
  const texts: string[] = []
  return { texts, output: { write: (text: string) => texts.push(text), isTTY, columns } }
}

describe("createScreen", () => {
  it("draws over the last block on a terminal", () => {
    const { texts, output } = captured(true)
    const screen = createScreen(output)
    screen.draw(["a", "b"])
    screen.draw(["c"])
    screen.say("news")
    screen.end()
    expect(texts).toEqual([
      "\u001b[?25l",
      "a\nb\n",
      "\u001b[2A\u001b[0Jc\n",
      "\u001b[1A\u001b[0Jnews\nc\n",
      "\u001b[?25h",
    ])
  })

  it("cuts a line at the width without losing its colours", () => {
    const { texts, output } = captured(true, 6)
    createScreen(output).draw(["\u001b[32mabcdefgh\u001b[0m"])
    expect(texts[1]).toBe("\u001b[32mabcde\u001b[0m\n")
  })

  it("writes plain lines, and only what changed, where there is no terminal", () => {
    const { texts, output } = captured(false)
    const screen = createScreen(output)
    screen.draw(["a  "])
    screen.draw(["a  "])
    screen.say("news")
    screen.draw(["b"])
    screen.end()
    expect(texts).toEqual(["a\n", "news\n", "b\n"])
  })
})
