/** What only Node can do: a store in a file. */
export { type FileDamage, type FileStore, type FileStoreOptions, openFileStore } from "./node/file-store.js"
export type { DamagedPlace } from "./node/log-reading.js"
