import { isSdkError } from "@fleetwire/runtime"
import { expect, it } from "vitest"
import { octets } from "../test/open-link.js"
import { scripted } from "../test/scripted.js"

const PERSISTENT = { session: { kind: "persistent", expirySeconds: 60 } } as const
const VERSIONS = ["3.1.1", "5"] as const
const message = (text: string, qos: 0 | 1 | 2 = 1) => ({ topic: "a/b", payload: octets(text), qos, retain: false })

async function failure(outcome: Promise<unknown>): Promise<unknown> {
  return outcome.then(
    (value) => ({ resolved: value }),
    (error: unknown) =>
      isSdkError(error)
        ? { code: error.code, sent: error.sent, mayHaveRun: error.mayHaveRun, ...error.details }
        : { thrown: String(error) },
  )
}

for (const protocol of VERSIONS) {
  it(`sends unacknowledged publishes again with the same id and DUP 1 when the session is present (${protocol})`, async () => {
    const { broker, peer } = await scripted({ ...PERSISTENT, protocol })
    const first = await broker.nextPeer()
    expect((await first.accept()).clean).toBe(false)
    await peer.connection()
    const outcomes = [
      peer.link.publish(message("one")),
      peer.link.publish(message("two", 2)),
      peer.link.publish(message("three")),
    ]
    const sent = [await first.expect("publish"), await first.expect("publish"), await first.expect("publish")]
    expect(sent.map((each) => each.dup)).toEqual([false, false, false])
    first.send({ cmd: "pubrec", messageId: sent[1]!.messageId! })
    await first.expect("pubrel")
    first.reset()
    const second = await broker.nextPeer()
    await second.accept({ sessionPresent: true })
    expect(await second.expect("pubrel")).toMatchObject({ messageId: sent[1]!.messageId })
    for (const index of [0, 2]) {
      const again = await second.expect("publish")
      expect(again).toMatchObject({ messageId: sent[index]!.messageId, dup: true, topic: "a/b", qos: 1 })
      expect(String(again.payload)).toBe(String(sent[index]!.payload))
      second.send({ cmd: "puback", messageId: again.messageId! })
    }
    second.send({ cmd: "pubcomp", messageId: sent[1]!.messageId! })
    expect(await Promise.all(outcomes)).toEqual([{ reasonCode: 0 }, { reasonCode: 0 }, { reasonCode: 0 }])
    await second.expectSilence(20)
  })

  it(`gives up what was in flight when the session is gone, and sends nothing of it (${protocol})`, async () => {
    const { broker, peer } = await scripted({ ...PERSISTENT, protocol })
    const first = await broker.nextPeer()
    await first.accept()
    await peer.connection()
    const outcome = failure(peer.link.publish(message("lost")))
    await first.expect("publish")
    first.reset()
    const second = await broker.nextPeer()
    await second.accept({ sessionPresent: false })
    expect(await outcome).toEqual({ code: "unavailable", sent: true, mayHaveRun: true })
    await second.expectSilence(30)
  })

  it(`gives up at once over a clean session (${protocol})`, async () => {
    const { broker, peer } = await scripted({
      protocol,
      reconnect: { enabled: true, spreadMs: 60_000, baseMs: 60_000, capMs: 60_000, stableMs: 0 },
    })
    const first = await broker.nextPeer()
    expect((await first.accept()).clean).toBe(true)
    await peer.connection()
    const outcome = failure(peer.link.publish(message("lost")))
    await first.expect("publish")
    first.reset()
    expect(await outcome).toEqual({ code: "unavailable", sent: true, mayHaveRun: true })
  })
}

it("has at most 19 messages of QoS 2 under way, also over a new connection", async () => {
  const { broker, peer } = await scripted({ ...PERSISTENT, protocol: "3.1.1" })
  const first = await broker.nextPeer()
  await first.accept()
  await peer.connection()
  const outcomes = Array.from({ length: 22 }, (_, index) => failure(peer.link.publish(message(String(index), 2))))
  const ids: number[] = []
  for (let sent = 0; sent < 19; sent += 1) ids.push((await first.expect("publish")).messageId!)
  await first.expectSilence(20)
  first.send({ cmd: "pubrec", messageId: ids[0]! })
  await first.expect("pubrel")
  await first.expectSilence(20)
  first.send({ cmd: "pubcomp", messageId: ids[0]! })
  // Identifiers rise while any is under way: a process after this one completes them in this order.
  expect(ids).toEqual(Array.from({ length: 19 }, (_, index) => index + 1))
  const next = await first.expect("publish")
  expect([String(next.payload), next.messageId]).toEqual(["19", 20])
  first.reset()
  expect(await outcomes[21]!).toEqual({ code: "unavailable", sent: false, mayHaveRun: false })
  const second = await broker.nextPeer()
  await second.accept({ sessionPresent: true })
  for (let sent = 0; sent < 19; sent += 1) expect(String((await second.expect("publish")).payload)).toBe(`${sent + 1}`)
  await second.expectSilence(20)
  await peer.link.close()
  await Promise.all(outcomes)
})

for (const protocol of VERSIONS) {
  it(`completes what an earlier process left of QoS 2 in the session that it resumes (${protocol})`, async () => {
    const { broker, peer } = await scripted({ ...PERSISTENT, protocol })
    const first = await broker.nextPeer()
    await first.accept({ sessionPresent: true })
    await peer.connection()
    const outcome = failure(peer.link.publish(message("new", 2)))
    for (let id = 1; id <= 64; id += 1) expect(await first.expect("pubrel")).toMatchObject({ messageId: id })
    const { messageId } = await first.expect("publish")
    // Late answers to these are none to the new message.
    first.send({ cmd: "pubcomp", messageId: messageId!, ...(protocol === "5" ? { reasonCode: 0x92 } : {}) })
    first.send({ cmd: "pubrec", messageId: messageId! })
    await first.expect("pubrel")
    first.send({ cmd: "pubcomp", messageId: messageId! })
    expect(await outcome).toEqual({ resolved: { reasonCode: 0 } })
    first.reset()
    const second = await broker.nextPeer()
    await second.accept({ sessionPresent: true })
    await second.expectSilence(20)
  })
}

it("refuses to publish while it is not connected", async () => {
  const { peer } = await scripted()
  for (const qos of [0, 1, 2] as const) {
    expect(await failure(peer.link.publish(message("x", qos)))).toEqual({
      code: "unavailable",
      sent: false,
      mayHaveRun: false,
    })
  }
  expect(await failure(peer.link.subscribe([{ filter: "a", qos: 0 }]))).toMatchObject({
    code: "unavailable",
    sent: false,
  })
})

it("keeps within Receive Maximum, in order, and over a resumed session too", async () => {
  const { broker, peer } = await scripted(PERSISTENT)
  const first = await broker.nextPeer()
  await first.accept({ properties: { receiveMaximum: 2 } })
  await peer.connection()
  const outcomes = ["a", "b", "c", "d"].map((text) => failure(peer.link.publish(message(text))))
  const a = await first.expect("publish")
  await first.expect("publish")
  await first.expectSilence(30)
  first.send({ cmd: "puback", messageId: a.messageId! })
  const c = await first.expect("publish")
  expect(String(c.payload)).toBe("c")
  await first.expectSilence(30)
  first.reset()
  const second = await broker.nextPeer()
  await second.accept({ sessionPresent: true, properties: { receiveMaximum: 1 } })
  const b = await second.expect("publish")
  expect([String(b.payload), b.dup]).toEqual(["b", true])
  await second.expectSilence(30)
  second.send({ cmd: "puback", messageId: b.messageId! })
  const again = await second.expect("publish")
  expect([String(again.payload), again.dup, again.messageId]).toEqual(["c", true, c.messageId])
  second.send({ cmd: "puback", messageId: again.messageId! })
  expect(await Promise.all(outcomes)).toEqual([
    { resolved: { reasonCode: 0 } },
    { resolved: { reasonCode: 0 } },
    { resolved: { reasonCode: 0 } },
    // Never sent: its turn had not come.
    { code: "unavailable", sent: false, mayHaveRun: false },
  ])
})

it.each([
  { given: { maximumQoS: 0 }, want: "maximumQos", send: message("x", 1) },
  { given: { maximumQoS: 1 }, want: "maximumQos", send: message("x", 2) },
  { given: { retainAvailable: false }, want: "retainAvailable", send: { ...message("x", 0), retain: true } },
  { given: { maximumPacketSize: 40 }, want: "maximumPacketSize", send: message("x".repeat(40), 0) },
])("refuses a publish beyond $want before anything is sent", async ({ given, want, send }) => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept({ properties: given })
  const info = await peer.connection()
  expect(info.limits).toMatchObject(want === "maximumQos" ? { maximumQos: given.maximumQoS } : given)
  expect(await failure(peer.link.publish(send))).toEqual({
    code: "unsupported",
    sent: false,
    mayHaveRun: false,
    limit: want,
  })
  await client.expectSilence(20)
})

it.each([
  { given: { reasonCode: 0x10 }, want: { resolved: { reasonCode: 0x10 } } },
  { given: { reasonCode: 0x87 }, want: { code: "unauthorized", sent: true, mayHaveRun: false, reasonCode: 0x87 } },
  { given: { reasonCode: 0x97 }, want: { code: "unavailable", sent: true, mayHaveRun: false, reasonCode: 0x97 } },
  { given: { reasonCode: 0x90 }, want: { code: "invalid_argument", sent: true, mayHaveRun: false, reasonCode: 0x90 } },
])("tells the caller the reason code of PUBACK and PUBREC: $given.reasonCode", async ({ given, want }) => {
  const { broker, peer } = await scripted()
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  const once = failure(peer.link.publish(message("x", 1)))
  client.send({ cmd: "puback", messageId: (await client.expect("publish")).messageId!, ...given })
  expect(await once).toEqual(want)
  const twice = failure(peer.link.publish(message("x", 2)))
  const { messageId } = await client.expect("publish")
  client.send({ cmd: "pubrec", messageId: messageId!, ...given })
  if (given.reasonCode < 0x80) {
    await client.expect("pubrel")
    client.send({ cmd: "pubcomp", messageId: messageId! })
  }
  expect(await twice).toEqual(want)
  await client.expectSilence(10)
})

it("closes a connection whose acknowledgement does not come, and sends again", async () => {
  const { broker, peer } = await scripted({ ...PERSISTENT, acknowledgeTimeoutMs: 80 })
  const first = await broker.nextPeer()
  await first.accept()
  await peer.connection()
  const outcome = peer.link.publish(message("x"))
  await first.expect("publish")
  await first.closed
  expect(await peer.disconnection()).toMatchObject({ kind: "acknowledge-timeout", final: false })
  const second = await broker.nextPeer()
  await second.accept({ sessionPresent: true })
  second.send({ cmd: "puback", messageId: (await second.expect("publish")).messageId! })
  expect(await outcome).toEqual({ reasonCode: 0 })
})

it("lets PUBREL go for a message that it does not know", async () => {
  const { broker, peer } = await scripted(PERSISTENT)
  const client = await broker.nextPeer()
  await client.accept({ sessionPresent: true })
  await peer.connection()
  for (let id = 1; id <= 64; id += 1) await client.expect("pubrel")
  client.send({ cmd: "pubrec", messageId: 77 })
  expect(await client.expect("pubrel")).toMatchObject({ messageId: 77 })
})

it.each([
  { given: "a/+", want: "invalid_argument" },
  { given: "a/#", want: "invalid_argument" },
  { given: "", want: "invalid_argument" },
  { given: "a\0b", want: "invalid_argument" },
  { given: "x".repeat(65_536), want: "invalid_argument" },
])("refuses a topic that is none", async ({ given, want }) => {
  const { broker, peer } = await scripted()
  await (await broker.nextPeer()).accept()
  await peer.connection()
  expect(await failure(peer.link.publish({ ...message("x"), topic: given }))).toMatchObject({ code: want, sent: false })
})

it.each([PERSISTENT, {}])("settles everything with `closed` when it is closed: %o", async (session) => {
  const { broker, peer } = await scripted(session)
  const client = await broker.nextPeer()
  await client.accept()
  await peer.connection()
  const outcome = failure(peer.link.publish(message("x")))
  await client.expect("publish")
  const closed = peer.link.close()
  expect(await client.expect("disconnect")).toBeDefined()
  await client.closed
  await closed
  expect(await outcome).toEqual({ code: "closed", sent: true, mayHaveRun: true })
  expect(await failure(peer.link.publish(message("y")))).toMatchObject({ code: "unavailable", sent: false })
})
