/** What became of the numbered messages of one topic. */
export interface Tally {
  readonly sent: number
  /** The publisher was told that the broker has them; at QoS 0: that they were written. */
  readonly accepted: number
  /** Arrivals, repetitions included. */
  readonly received: number
  readonly distinct: number
  /** Arrivals of a number that had arrived. */
  readonly repeated: number
  /** Numbers that never arrived. */
  readonly lost: number
  /** First arrivals of a number after a higher one. */
  readonly overtaken: number
}

/** Counts what a subscriber got of the numbers from 1 to `sent`. */
export function tallyOf(experiment: {
  readonly sent: number
  readonly accepted: number
  readonly received: readonly number[]
}): Tally {
  const { sent, accepted, received } = experiment
  const seen = new Set<number>()
  let overtaken = 0
  let highest = 0
  for (const number of received) {
    if (!seen.has(number) && number < highest) overtaken += 1
    seen.add(number)
    highest = Math.max(highest, number)
  }
  return {
    sent,
    accepted,
    received: received.length,
    distinct: seen.size,
    repeated: received.length - seen.size,
    lost: sent - seen.size,
    overtaken,
  }
}
