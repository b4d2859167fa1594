/** What only Node can do: a store in a file. */
export { type FileStore, type FileStoreOptions, openFileStore } from "./node/file-store.js"
