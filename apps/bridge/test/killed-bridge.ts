/*
 * A bridge that dies by kill -9 at chosen moments of its commits, as a process of its own:
 * node killed-bridge.mjs <url> <protocol> <database> <seed> <commits between deaths>
 */
import { openSqliteStore, type Store, startBridge } from "@fleetwire/bridge"
import { seededRandom } from "@fleetwire/runtime/testing"

const [url = "", protocol = "5", file = "", seed = "1", lives = "0"] = process.argv.slice(2)
const random = seededRandom(Number(seed))
const inner = await openSqliteStore({ file })

let commits = 0
const mortal = Number(lives) > 0
const last = Math.ceil(Number(lives) * (0.5 + random.next()))
const before = random.next() < 0.5

const store: Store = {
  receipts: () => inner.receipts(),
  devices: () => inner.devices(),
  latest: (device) => inner.latest(device),
  history: (query) => inner.history(query),
  presence: () => inner.presence(),
  count: () => inner.count(),
  close: () => inner.close(),
  async commit(batch) {
    commits += batch.messages.length
    const dies = mortal && commits >= last
    // Received and not committed …
    if (dies && before) process.kill(process.pid, "SIGKILL")
    const result = await inner.commit(batch)
    // … or committed and not acknowledged.
    if (dies) process.kill(process.pid, "SIGKILL")
    return result
  },
}

process.once("SIGTERM", () => void stop())

const starting = startBridge({
  url,
  protocol: protocol === "3.1.1" ? "3.1.1" : "5",
  store,
  instance: "mortal",
  connectTimeoutMs: 120_000,
  reconnect: { spreadMs: 0 },
})

async function stop(): Promise<void> {
  const bridge = await starting
  const { unfinished } = await bridge.close()
  await inner.close()
  process.stdout.write(`closed ${unfinished} ${bridge.counters.stored} ${bridge.counters.duplicates}\n`)
  process.exit(0)
}

process.stdout.write(`ready ${(await starting).httpUrl}\n`)
