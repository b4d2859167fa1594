import type { Action } from "@fleetwire/emulator"

/** What a key asks for. */
export type KeyAction =
  | { readonly kind: "select"; readonly index: number }
  | { readonly kind: "drive"; readonly action: Action }
  | { readonly kind: "cut" }
  | { readonly kind: "quit" }

const ARROWS: Readonly<Record<string, Action>> = {
  "\u001b[A": "forward",
  "\u001b[B": "backward",
  "\u001b[D": "left",
  "\u001b[C": "right",
  "\u001bOA": "forward",
  "\u001bOB": "backward",
  "\u001bOD": "left",
  "\u001bOC": "right",
}

const LETTERS: Readonly<Record<string, KeyAction>> = {
  w: { kind: "drive", action: "forward" },
  s: { kind: "drive", action: "backward" },
  a: { kind: "drive", action: "left" },
  d: { kind: "drive", action: "right" },
  " ": { kind: "drive", action: "stop" },
  x: { kind: "cut" },
  q: { kind: "quit" },
  "\u0003": { kind: "quit" },
  "\u0004": { kind: "quit" },
}

/** Reads what a terminal in raw mode sent: several keys may come at once; unknown ones are passed over. */
export function parseKeys(chunk: string): readonly KeyAction[] {
  const actions: KeyAction[] = []
  for (let at = 0; at < chunk.length; at += 1) {
    const arrow = ARROWS[chunk.slice(at, at + 3)]
    if (arrow !== undefined) {
      actions.push({ kind: "drive", action: arrow })
      at += 2
      continue
    }
    const key = chunk[at]!
    if (key >= "1" && key <= "9") actions.push({ kind: "select", index: Number(key) - 1 })
    else if (key === "\u001b") at += skipEscape(chunk, at)
    else {
      const action = LETTERS[key.toLowerCase()]
      if (action !== undefined) actions.push(action)
    }
  }
  return actions
}

/** Length of an unknown escape sequence after its first character. */
function skipEscape(chunk: string, at: number): number {
  return /^(\[[0-9;]*[A-Za-z~]|O[A-Za-z])/.exec(chunk.slice(at + 1))?.[0].length ?? 0
}
