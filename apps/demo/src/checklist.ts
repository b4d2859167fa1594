/** Steps that must hold, one after the other, each told as it ends. */
export interface Checklist {
  /** Runs one step. It holds when `run` resolves; what it returns is told beside it. Rejects when it does not hold. */
  step(claim: string, run: () => Promise<string | undefined>): Promise<void>
  /** Claims that held so far. */
  readonly held: readonly string[]
}

export interface ChecklistOptions {
  readonly say: (line: string) => void
  /** Milliseconds for one step. Default 15 000. */
  readonly stepMs?: number
}

/** A step did not hold. */
export class StepFailed extends Error {
  override readonly name = "StepFailed"
  constructor(claim: string, cause: unknown) {
    super(`${claim}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Makes an empty list. */
export function createChecklist({ say, stepMs = 15_000 }: ChecklistOptions): Checklist {
  const held: string[] = []
  return {
    held,
    async step(claim, run) {
      const began = performance.now()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`nothing came of it in ${stepMs} ms`)), stepMs)
      })
      try {
        const detail = await Promise.race([run(), late])
        held.push(claim)
        say(`  ✓ ${claim}${detail === undefined ? "" : `: ${detail}`} (${(performance.now() - began).toFixed(0)} ms)`)
      } catch (error) {
        say(`  ✗ ${claim}`)
        throw new StepFailed(claim, error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** Fails a step in words. */
export function mustHold(condition: boolean, words: string): asserts condition {
  if (!condition) throw new Error(words)
}
