/**
 * Mosquitto 2.0 looks after silent clients only when more than five whole seconds have passed since it last looked, so
 * it finds one up to six seconds late, and counts in whole seconds. [Measured on 2.0.11: 9.7 s at a keep-alive of 3.]
 */
const BROKER_LATENESS_SECONDS = 5

/**
 * Seconds to ask the broker for, so that a car that falls silent is offline within 1.5 × `promised` + 1 s. Below a promise
 * of 5 s Mosquitto 2.0 cannot keep it; the shortest is asked for then.
 */
export function keepAliveFor(promised: number): number {
  return Math.max(1, promised - BROKER_LATENESS_SECONDS)
}
