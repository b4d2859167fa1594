/*
 * A relay to a broker that can stop answering: `fork(relay, [port of the broker])` tells its own port. A message {hole: ms}
 * makes it accept nothing for so long, which whoever fills its backlog meanwhile turns into SYNs that are dropped; half a
 * second later it cuts what it relays. In a process of its own, since only a loop that stands still accepts nothing.
 */
import { connect, createServer } from "node:net"

const CUT_AFTER_MS = 500
const stand = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
const sockets = new Set()

const server = createServer((near) => {
  const far = connect(Number(process.argv[2]), "127.0.0.1")
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ]) {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => {
      sockets.delete(socket)
      other.destroy()
    })
    socket.pipe(other)
  }
})
server.listen({ port: 0, host: process.argv[3] ?? "127.0.0.1", backlog: 1 }, () => {
  process.send({ port: server.address().port })
})
process.on("message", ({ hole }) => {
  stand(CUT_AFTER_MS)
  for (const socket of sockets) socket.destroy()
  stand(hole)
})
process.on("disconnect", () => process.exit())
