import type { DeviceStore } from "@fleetwire/runtime"
import { openFileStore } from "@fleetwire/runtime/node"
import type { HistoryWriter } from "../history.js"
import type { PassPoint } from "./crash.js"
import type { Job } from "./job.js"

/** The device's store in a file, with the points at which a process may die around each write. */
export async function openDeviceStore(job: Job, history: HistoryWriter, pass: PassPoint): Promise<DeviceStore> {
  // Small, so that the log is compacted in the middle of a run.
  const store = await openFileStore({ path: job.storePath!, compactAt: 4_096 })
  const forgets =
    job.mutant === "journal-forgets" ? "journal/" : job.mutant === "outbox-forgets" ? "outbox/" : undefined
  return {
    get: (key) => store.get(key),
    delete: (key) => store.delete(key),
    async set(key, value) {
      const journal = key.startsWith("journal/")
      const outbox = key.startsWith("outbox/")
      if (journal) pass("journal-before")
      if (outbox) pass("outbox-before")
      if (forgets === undefined || !key.startsWith(forgets)) await store.set(key, value)
      if (outbox) noteKept(history, value)
      if (journal) pass("journal-after")
      if (outbox) pass("outbox-after")
    },
  }
}

/** An event is as durable as the store is: from here on no kill may lose it. */
function noteKept(history: HistoryWriter, record: Uint8Array): void {
  const { payload } = JSON.parse(new TextDecoder().decode(record)) as { readonly payload: string }
  const { message } = JSON.parse(Buffer.from(payload, "base64").toString("utf8")) as { readonly message: string }
  history.write({ what: "kept", channel: "event", seq: Number(message) })
}
