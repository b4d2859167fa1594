/** Flash of a whole device with its codecs on a Cortex-M4. */
export interface MeasuredFlash {
  /** Formats that are built in. */
  readonly formats: string
  readonly octets: number
}

/**
 * What was measured, by contract and version: gcc 12 with `-Os`, and what the device takes of the C library. Written by
 * `tools/firmware/src/engine-size.ts --write`; a contract that is not here has no such rows in its sheet.
 */
export const measuredFlash: ReadonlyMap<string, readonly MeasuredFlash[]> = new Map([
  [
    "iot-car 2.0.0",
    [
      { formats: "JSON and protobuf", octets: 15464 },
      { formats: "JSON", octets: 14120 },
      { formats: "all formats", octets: 15728 },
    ],
  ],
])
