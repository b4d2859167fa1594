import { once } from "node:events"
import { connect, createServer } from "node:tls"
import { expect, it } from "vitest"
import { createDevAuthority } from "./dev-certificates.js"

async function handshake(trust: "own" | "foreign", notAfter?: Date): Promise<string> {
  const authority = await createDevAuthority()
  const foreign = await createDevAuthority("somebody else")
  const server = await authority.issue({
    commonName: "broker",
    purpose: "server",
    ...(notAfter === undefined ? {} : { notAfter }),
  })
  const listener = createServer({ cert: server.cert, key: server.key }, (socket) => socket.end())
  listener.listen(0, "127.0.0.1")
  await once(listener, "listening")
  const { port } = listener.address() as { port: number }
  try {
    const ca = trust === "own" ? authority.ca : foreign.ca
    const socket = connect({ host: "127.0.0.1", port, ca })
    return await new Promise((resolve) => {
      socket.once("secureConnect", () => resolve("connected"))
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    }).then((outcome) => {
      socket.destroy()
      return outcome as string
    })
  } finally {
    listener.close()
  }
}

it("issues a server certificate that a client of the same authority trusts", async () => {
  expect(await handshake("own")).toBe("connected")
})

it("issues a server certificate that a client of another authority refuses", async () => {
  expect(await handshake("foreign")).toMatch(/UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|SELF_SIGNED/)
})

it("issues an expired certificate when asked for one", async () => {
  expect(await handshake("own", new Date(Date.now() - 86_400_000))).toBe("CERT_HAS_EXPIRED")
})
