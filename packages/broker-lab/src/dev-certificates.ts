import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from "node:crypto"
import type * as x509 from "@peculiar/x509"

/** A certificate with its private key, as PEM texts. */
export interface DevCertificate {
  readonly cert: string
  readonly key: string
}

export interface IssueOptions {
  readonly commonName: string
  /** DNS names and IP addresses of a server. Default for `server`: localhost and 127.0.0.1. */
  readonly names?: readonly string[]
  readonly purpose: "server" | "client"
  /** End of validity. Default: in ten days. A past date makes an expired certificate. */
  readonly notAfter?: Date
}

/** A certificate authority that lives in memory, for tests and demos on one machine only. */
export interface DevAuthority {
  /** Certificate of the authority, for `ca` of clients and listeners. */
  readonly ca: string
  /** Private key of the authority: whoever has it can be anybody. PKCS#8 PEM. */
  readonly caKey: string
  issue(options: IssueOptions): Promise<DevCertificate>
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const
const DAY = 86_400_000

/**
 * Makes a fresh certificate authority (P-256), good for 30 days unless told otherwise. Needs no openssl. Nobody trusts it
 * who is not given `ca`.
 */
export async function createDevAuthority(
  commonName = "Fleetwire test authority",
  options: { readonly notAfter?: Date } = {},
): Promise<DevAuthority> {
  const x509 = await loadX509()
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - 30 * DAY),
    notAfter: options.notAfter ?? new Date(Date.now() + 30 * DAY),
    signingAlgorithm: ALGORITHM,
    keys: keys as unknown as CryptoKeyPair,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as unknown as CryptoKey),
    ],
  })
  return authorityOf(root, keys.privateKey, await pemOfKey(keys.privateKey))
}

/** An authority that was made before, from its certificate and its private key. Rejects where they do not belong together. */
export async function loadDevAuthority(ca: string, caKey: string): Promise<DevAuthority> {
  const x509 = await loadX509()
  const root = new x509.X509Certificate(ca)
  // Through Node's own reader: it takes every form of a key, and says who it belongs to.
  const key = createPrivateKey(caKey)
  if (!new X509Certificate(ca).checkPrivateKey(key)) throw new Error("the key is not that of the certificate")
  const octets = key.export({ type: "pkcs8", format: "der" })
  const imported = await webcrypto.subtle.importKey("pkcs8", octets, ALGORITHM, false, ["sign"])
  return authorityOf(root, imported, caKey)
}

/** Loaded with the first certificate: it is a third of what a command that makes none would wait for. */
async function loadX509(): Promise<typeof x509> {
  await import("reflect-metadata")
  const library = await import("@peculiar/x509")
  library.cryptoProvider.set(webcrypto as unknown as Crypto)
  return library
}

function authorityOf(root: x509.X509Certificate, key: webcrypto.CryptoKey, caKey: string): DevAuthority {
  return { ca: root.toString("pem"), caKey, issue: (options) => issue(root, key, options) }
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64")
  // No empty line before the end: OpenSSL refuses one.
  const body = pkcs8.replace(/(.{64})(?=.)/g, "$1\n")
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`
}

async function issue(
  root: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  options: IssueOptions,
): Promise<DevCertificate> {
  const x509 = await loadX509()
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])
  const names = options.names ?? (options.purpose === "server" ? ["localhost", "127.0.0.1"] : [])
  const usage = options.purpose === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${options.commonName}`,
    issuer: root.subject,
    notBefore: new Date(Date.now() - 20 * DAY),
    notAfter: options.notAfter ?? new Date(Date.now() + 10 * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey as unknown as CryptoKey,
    signingKey: signingKey as unknown as CryptoKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names.map(alternativeName))]),
      await x509.AuthorityKeyIdentifierExtension.create(root),
    ],
  })
  return {
    cert: certificate.toString("pem"),
    key: await pemOfKey(keys.privateKey),
  }
}

function alternativeName(name: string): { readonly type: "ip" | "dns"; readonly value: string } {
  return { type: /^[0-9.]+$|:/.test(name) ? "ip" : "dns", value: name }
}

function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x01
  return bytes.toString("hex")
}
