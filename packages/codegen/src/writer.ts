/**
 * Node only: the one place of the package that touches a disk.
 */
export { checkFiles, type OutputCheck, type OutputResult, type StaleFile, writeFiles } from "./core/output-folder.js"
