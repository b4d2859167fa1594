import { createHmac, type KeyObject, sign } from "node:crypto"

/** A token's claims; `exp` and `nbf` in seconds since 1970. */
export interface TokenClaims {
  readonly sub?: string
  readonly exp?: number
  readonly [name: string]: unknown
}

/** With what a token is signed: a secret (HS256), a private key of P-256 (ES256), or nothing, which nobody may accept. */
export type TokenKey =
  | { readonly alg: "HS256"; readonly secret: Uint8Array }
  | { readonly alg: "ES256"; readonly key: KeyObject }
  | { readonly alg: "none" }

/** A JSON Web Token for tests and development, with whatever claims and key it should have. */
export function signToken(claims: TokenClaims, key: TokenKey, header: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ alg: key.alg, typ: "JWT", ...header })}.${part(claims)}`
  switch (key.alg) {
    case "HS256":
      return `${signed}.${createHmac("sha256", key.secret).update(signed).digest("base64url")}`
    case "ES256": {
      const signature = sign("sha256", Buffer.from(signed), { key: key.key, dsaEncoding: "ieee-p1363" })
      return `${signed}.${signature.toString("base64url")}`
    }
    case "none":
      return `${signed}.`
  }
}
