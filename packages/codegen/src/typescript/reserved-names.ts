import { RESERVED_WORDS } from "./language.js"

/** Names that generated modules use without importing them: a message called so would shadow what the code means. */
export const GLOBAL_NAMES: ReadonlySet<string> = new Set([
  ...RESERVED_WORDS,
  ..."any bigint boolean declare module namespace never number object string symbol type undefined unknown abstract accessor".split(
    " ",
  ),
  ...(
    "AbortSignal Array ArrayBuffer AsyncDisposable AsyncIterable BigInt Boolean DataView Date Error Function Infinity JSON Map Math " +
    "NaN Number Object Omit Partial Pick Promise Proxy Readonly ReadonlyArray Record Reflect RegExp Required Set String Symbol " +
    "TextDecoder TextEncoder Uint8Array WeakMap WeakSet globalThis exports module require __proto__ prototype constructor " +
    "hasOwnProperty toString valueOf"
  ).split(" "),
])
