/** Statements that make an empty database ready, in order. Each may run again on a database that has it. */
export const SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS messages (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     received_at INTEGER NOT NULL,
     device TEXT,
     channel TEXT NOT NULL,
     leg TEXT NOT NULL,
     topic TEXT NOT NULL,
     qos INTEGER NOT NULL,
     retained INTEGER NOT NULL,
     payload TEXT NOT NULL,
     message_id TEXT,
     digest TEXT NOT NULL
   )`,
  "CREATE INDEX IF NOT EXISTS messages_time ON messages (received_at)",
  // SQLite appends `seq` to each key, so this serves one device's history in order of receipt.
  "CREATE INDEX IF NOT EXISTS messages_device ON messages (device)",
  `CREATE UNIQUE INDEX IF NOT EXISTS messages_identity ON messages (leg, topic, message_id, digest)
     WHERE message_id IS NOT NULL`,
  `CREATE TABLE IF NOT EXISTS latest (
     device TEXT NOT NULL,
     leg TEXT NOT NULL,
     channel TEXT NOT NULL,
     topic TEXT NOT NULL,
     received_at INTEGER NOT NULL,
     payload TEXT NOT NULL,
     PRIMARY KEY (device, leg, topic)
   ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS presence (
     device TEXT PRIMARY KEY,
     state TEXT NOT NULL,
     since INTEGER NOT NULL
   ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS receipts (
     leg TEXT NOT NULL,
     slot INTEGER NOT NULL,
     digest TEXT NOT NULL,
     PRIMARY KEY (leg, slot)
   ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS progress (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     batch TEXT NOT NULL
   )`,
  "PRAGMA user_version = 1",
]
