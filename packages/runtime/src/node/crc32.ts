const TABLE = new Uint32Array(256)
for (let octet = 0; octet < 256; octet++) {
  let rest = octet
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  TABLE[octet] = rest
}

/** CRC-32 as in gzip (ISO 3309): finds torn and damaged records. */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (const octet of bytes) rest = TABLE[(rest ^ octet) & 0xff]! ^ (rest >>> 8)
  return (rest ^ 0xffffffff) >>> 0
}
