import "reflect-metadata"
import { randomBytes, webcrypto } from "node:crypto"
import * as x509 from "@peculiar/x509"

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
  issue(options: IssueOptions): Promise<DevCertificate>
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const
const DAY = 86_400_000

/** Makes a fresh certificate authority (P-256) whose certificates only this run trusts. Needs no openssl. */
export async function createDevAuthority(commonName = "Fleetwire test authority"): Promise<DevAuthority> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - 30 * DAY),
    notAfter: new Date(Date.now() + 30 * DAY),
    signingAlgorithm: ALGORITHM,
    keys: keys as unknown as CryptoKeyPair,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as unknown as CryptoKey),
    ],
  })
  return {
    ca: root.toString("pem"),
    issue: (options) => issue(root, keys.privateKey, options),
  }
}

async function issue(
  root: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  options: IssueOptions,
): Promise<DevCertificate> {
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
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64")
  const body = pkcs8.replace(/(.{64})/g, "$1\n").trimEnd()
  return {
    cert: certificate.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
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
