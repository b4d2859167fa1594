/** The known word that was meant: a few letters off, or one that has the same part in it; undefined where none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const wanted = fold(given)
  if (wanted === "") return undefined
  const ranked = known
    .map((word) => ({ word, distance: distanceTo(wanted, fold(word)) }))
    .filter(({ word, distance }) => distance <= Math.max(1, Math.floor(Math.max(wanted.length, word.length) / 3)))
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.word ?? known.find((word) => wanted.length > 2 && fold(word).includes(wanted))
}

/** Letters and digits in lower case, without accents: `Héllo_World` and `hello-world` are near. */
function fold(word: string): string {
  return word
    .slice(0, 80)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_.]+/g, "-")
}

/** Letters to change, add, leave out or exchange with their neighbour. */
function distanceTo(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
