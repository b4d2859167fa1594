import { beforeEach, describe, expect, it } from "vitest"
import { SdkError } from "../sdk-error.js"
import type { Link, SubscribeRequest } from "../transport.js"
import { SubscriptionSet } from "./subscription-set.js"

/** A broker's side of subscribing, written by hand: what is held, and every packet in order. */
class Server {
  readonly held = new Map<string, number | undefined>()
  readonly packets: string[] = []
  readonly retainHandlings: (number | undefined)[] = []
  refuse: (filter: string) => number | SdkError | undefined = () => undefined
  answer: Promise<void> = Promise.resolve()

  readonly link = {
    connected: true,
    subscribe: async (requests: readonly SubscribeRequest[]) => {
      this.packets.push(`+ ${requests.map(({ filter }) => filter).join(" ")}`)
      this.retainHandlings.push(...requests.map(({ retainHandling }) => retainHandling))
      await this.answer
      return requests.map(({ filter, qos, identifier }) => {
        const refused = this.refuse(filter)
        if (refused instanceof SdkError) throw refused
        if (refused === undefined) this.held.set(filter, identifier)
        return refused ?? qos
      })
    },
    unsubscribe: async (filters: readonly string[]) => {
      this.packets.push(`- ${filters.join(" ")}`)
      for (const filter of filters) this.held.delete(filter)
    },
  } as unknown as Link
}

const wish = (filter: string, more: { qos?: 0 | 1 | 2; stored?: boolean } = {}) => ({
  filter,
  template: "b/{floor}/{room}/t",
  qos: 1 as const,
  stored: false,
  ...more,
})
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe("a set of subscriptions", () => {
  let server: Server
  let set: SubscriptionSet
  beforeEach(async () => {
    server = new Server()
    set = new SubscriptionSet(() => {})
    await set.restore(server.link, false)
  })

  it("sends what is asked for in one turn as one SUBSCRIBE", async () => {
    const handles = ["b/1/1/t", "b/1/2/t", "b/1/1/t"].map((filter) => set.hold(wish(filter)))
    await Promise.all(handles.map(({ ready }) => ready))
    expect(server.packets).toEqual(["+ b/1/1/t b/1/2/t"])
    await handles[0]?.release()
    expect(server.packets).toHaveLength(1)
    await handles[2]?.release()
    expect(server.packets[1]).toBe("- b/1/1/t")
  })

  it("M-9: asks for no filter that a wider one covers, and for it when the wider one goes", async () => {
    const wide = set.hold(wish("b/+/+/t"))
    await wide.ready
    const narrow = set.hold(wish("b/1/+/t"))
    await narrow.ready
    await settle()
    expect([...server.held.keys()]).toEqual(["b/+/+/t"])
    await wide.release()
    expect(server.packets).toEqual(["+ b/+/+/t", "+ b/1/+/t", "- b/+/+/t"])
  })

  it("M-9: gives narrow filters back when a wider one is granted", async () => {
    const narrow = set.hold(wish("b/1/1/t"))
    await narrow.ready
    await set.hold(wish("b/1/+/t")).ready
    await settle()
    expect([...server.held.keys()]).toEqual(["b/1/+/t"])
    await narrow.release()
    expect([...server.held.keys()]).toEqual(["b/1/+/t"])
  })

  it("M-9: tells overlapping filters apart by identifiers", async () => {
    await set.hold(wish("b/2/+/t")).ready
    await set.hold(wish("b/+/101/t")).ready
    await settle()
    expect(server.held.get("b/2/+/t")).toBe(1)
    expect(server.held.get("b/+/101/t")).toBe(2)
    expect(set.canonicalId("b/2/101/t")).toBe(1)
    expect(set.canonicalId("b/2/7/t")).toBeUndefined()
    expect(set.canonicalId("b/3/101/t")).toBeUndefined()
  })

  it("fetches stored messages for a covered filter without keeping it", async () => {
    await set.hold(wish("b/+/+/t", { stored: true })).ready
    await set.hold(wish("b/1/1/t", { stored: true })).ready
    await settle()
    expect(server.packets).toEqual(["+ b/+/+/t", "+ b/1/1/t", "- b/1/1/t"])
  })

  it("asks again for a filter whose stored messages a second holder wants", async () => {
    await set.hold(wish("b/1/1/t", { stored: true })).ready
    await set.hold(wish("b/1/1/t", { stored: true })).ready
    expect(server.packets).toEqual(["+ b/1/1/t", "+ b/1/1/t"])
  })

  it("a refused filter is unauthorized for its holders only", async () => {
    server.refuse = (filter) => (filter === "b/1/1/t" ? 0x87 : undefined)
    const bad = set.hold(wish("b/1/1/t"))
    const good = set.hold(wish("b/1/2/t"))
    await expect(bad.ready).rejects.toMatchObject({ code: "unauthorized", details: { reasonCode: 0x87 } })
    await good.ready
  })

  it("a wide filter that is refused leaves the narrow one to ask for itself", async () => {
    server.refuse = (filter) => (filter.includes("+") ? 0x87 : undefined)
    const wide = set.hold(wish("b/1/+/t"))
    const narrow = set.hold(wish("b/1/1/t"))
    await expect(wide.ready).rejects.toMatchObject({ code: "unauthorized" })
    await narrow.ready
    expect([...server.held.keys()]).toEqual(["b/1/1/t"])
  })

  it("a filter that the server cannot do does not take the others along", async () => {
    const limit = new SdkError("unsupported", "no wildcards", { details: { limit: "wildcardAvailable" } })
    server.refuse = (filter) => (filter.includes("+") ? limit : undefined)
    const bad = set.hold(wish("b/1/+/t"))
    const good = set.hold(wish("b/2/2/t"))
    await expect(bad.ready).rejects.toMatchObject({ code: "unsupported" })
    await good.ready
  })

  it("S-3: asks for everything again, and over a session that is present not for what is stored", async () => {
    await set.hold(wish("b/1/1/t", { stored: true })).ready
    set.suspend()
    await set.restore(server.link, true)
    set.suspend()
    await set.restore(server.link, false)
    expect(server.packets).toEqual(["+ b/1/1/t", "+ b/1/1/t", "+ b/1/1/t"])
    expect(server.retainHandlings).toEqual([undefined, 1, undefined])
  })

  it("Z-1: a broker that came back with an older snapshot gets the subscriptions that it lacks", async () => {
    const handle = set.hold(wish("b/1/1/t"))
    await handle.ready
    set.suspend()
    server.held.clear()
    await set.restore(server.link, true)
    expect([...server.held.keys()]).toEqual(["b/1/1/t"])
    // A second reader that wants what is stored gets it, whatever was asked for before.
    await set.hold(wish("b/1/1/t", { stored: true })).ready
    expect(server.retainHandlings.at(-1)).toBeUndefined()
  })

  it("a SUBSCRIBE that was lost with the connection is sent on the next", async () => {
    server.answer = Promise.reject(new SdkError("unavailable", "lost"))
    server.answer.catch(() => {})
    const handle = set.hold(wish("b/1/1/t"))
    await settle()
    set.suspend()
    server.answer = Promise.resolve()
    await set.restore(server.link, true)
    await handle.ready
    expect(server.packets).toHaveLength(2)
  })

  it("whoever waits is told when the client is over", async () => {
    set.suspend()
    const handle = set.hold(wish("b/1/1/t"))
    set.end(new SdkError("closed", "over"))
    await expect(handle.ready).rejects.toMatchObject({ code: "closed" })
  })
})
