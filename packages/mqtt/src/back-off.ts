import type { Random, ReconnectPolicy } from "@fleetwire/runtime"

/** Waiting times between attempts (S-2). Draws from the injected randomness only. */
export interface BackOff {
  /** Milliseconds to wait after an attempt that never had its CONNACK. */
  afterFailure(): number
  /** Milliseconds to wait after a connection that was accepted and lasted `livedMs`. */
  afterLoss(livedMs: number): number
  /** Milliseconds to wait when another client seems to use the same id: the cap. */
  atCap(): number
}

/** Attempts that fail while a fleet comes back are drawn from this many spreads. */
const LATER_SPREADS = 1.5

/**
 * After a loss the first attempt is uniform in [0, spread], the next ones uniform in [0, base · 2^n] up to the cap, but never in less than
 * one and a half spreads: whoever tried while the broker was down would else come in one crowd once it is back, two to four times as many
 * in a second as S-2 allows [2 000 clients, spread 20 s, down 2 to 20 s: up to 389 in a second without, 154 with it].
 * Only a connection that lasted `stableMs` begins anew; a shorter one goes on where it was, never below the spread.
 */
export function createBackOff(policy: ReconnectPolicy, random: Random): BackOff {
  let failures = 0
  let wasConnected = false
  const window = () => Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failures, 40))
  return {
    afterFailure() {
      const { spreadMs, capMs } = policy
      const widest = wasConnected ? Math.max(window(), Math.min(LATER_SPREADS * spreadMs, spreadMs + capMs)) : window()
      failures += 1
      return random.next() * widest
    },
    afterLoss(livedMs) {
      wasConnected = true
      if (livedMs >= policy.stableMs) failures = 0
      const widest = failures === 0 ? policy.spreadMs : Math.max(policy.spreadMs, window())
      failures += 1
      return random.next() * widest
    },
    atCap() {
      failures = Math.max(failures, Math.ceil(Math.log2(Math.max(1, policy.capMs / Math.max(1, policy.baseMs)))))
      return policy.capMs
    },
  }
}
