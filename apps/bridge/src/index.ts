export { type Bridge, type BridgeOptions, startBridge } from "./bridge.js"
export { driveEither, type Generations } from "./drive-either.js"
export type { IntakeCounters } from "./intake.js"
export { type ProcessSeam, runBridge } from "./run-bridge.js"
export { openSqliteStore, type SqliteOptions } from "./sqlite-store.js"
export type {
  Batch,
  CommitResult,
  DeviceRow,
  HistoryQuery,
  HistoryRow,
  LatestRow,
  PresenceRow,
  Receipt,
  Store,
  StoredMessage,
} from "./store.js"
