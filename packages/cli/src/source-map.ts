/** A place in a source file; lines and columns count from 1. */
export interface SourcePosition {
  readonly source: string
  readonly line: number
  readonly column: number
}

interface Segment {
  readonly column: number
  readonly source: number
  readonly line: number
  readonly sourceColumn: number
}

/** Maps a position of a bundle back to the file that was written. */
export type SourceMapper = (line: number, column: number) => SourcePosition | undefined

/** Reads a source map (version 3). Lines are decoded only when the first position is asked for. */
export function createSourceMapper(json: string): SourceMapper {
  const map = JSON.parse(json) as { readonly sources: readonly string[]; readonly mappings: string }
  let lines: readonly (readonly Segment[])[] | undefined
  return (line, column) => {
    lines ??= decodeMappings(map.mappings)
    const segments = lines[line - 1] ?? []
    let best: Segment | undefined
    for (const segment of segments) {
      if (segment.column > column - 1) break
      best = segment
    }
    const source = best === undefined ? undefined : map.sources[best.source]
    return best === undefined || source === undefined
      ? undefined
      : { source, line: best.line + 1, column: best.sourceColumn + 1 }
  }
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

function decodeMappings(mappings: string): readonly (readonly Segment[])[] {
  let source = 0
  let line = 0
  let sourceColumn = 0
  return mappings.split(";").map((text) => {
    let column = 0
    const segments: Segment[] = []
    for (const part of text === "" ? [] : text.split(",")) {
      const numbers = decodeNumbers(part)
      column += numbers[0] ?? 0
      if (numbers.length < 4) continue
      source += numbers[1]!
      line += numbers[2]!
      sourceColumn += numbers[3]!
      segments.push({ column, source, line, sourceColumn })
    }
    return segments
  })
}

/** Base-64 numbers of variable length, lowest five bits first, sign in the lowest. */
function decodeNumbers(part: string): readonly number[] {
  const numbers: number[] = []
  let value = 0
  let shift = 0
  for (const char of part) {
    const digit = DIGITS.indexOf(char)
    value += (digit & 31) * 2 ** shift
    if (digit >= 32) {
      shift += 5
      continue
    }
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2)
    value = 0
    shift = 0
  }
  return numbers
}
