import type { Promised } from "../check/promise.js"

/** Deliberately broken actors, each with the promise that it breaks: the checker must find every one. */
export const mutants = {
  /** The device's journal says that it has written, and has not. */
  "journal-forgets": "once",
  /** The device forgets an id as soon as it has answered it. */
  "table-forgets": "once",
  /** The controller takes a late reply for a second outcome. */
  "resolves-twice": "one-outcome",
  /** Some calls never end. */
  "never-resolves": "one-outcome",
  /** The controller takes the first reply that comes for its own. */
  "answers-crossed": "own-answer",
  /** The controller says of everything that failed that it has not run. */
  "denies-having-run": "may-have-run",
  /** The controller's stream lets every fifth event wait for the next one. */
  reorders: "order",
  /** The device's durable outbox says that it has written, and has not. */
  "outbox-forgets": "durable",
  /** The controller acknowledges events before they are handled. */
  "acknowledges-early": "durable",
  /** The device says hello on its first connection only. */
  "says-hello-once": "presence",
  /** The device has no last will. */
  "has-no-will": "presence",
  /** A stop is a command like any other. */
  "stop-queues": "stop",
  /** The device applies each config that comes, old ones too. */
  "applies-old-config": "config",
} as const satisfies Readonly<Record<string, Promised>>

export type MutantName = keyof typeof mutants
