import { describe, expect, it } from "vitest"
import { normaliseTranscript } from "./transcript.js"

const now = 1_700_000_000

describe("normaliseTranscript", () => {
  const rows = [
    {
      given: '1 1 iot-car/car-001/status {"device_id":"car-001","status":"online","timestamp":1700000003}',
      want: '1 1 iot-car/car-001/status {"device_id":"car-001","status":"online","timestamp":<unix-seconds>}',
    },
    { given: '1 0 t {"timestamp":5}', want: '1 0 t {"timestamp":<not now: 5>}' },
    { given: '1 0 t {"id":"a1b2"}', want: '1 0 t {"id":<id>}' },
    { given: '1 0 t {"command_id":"cmd-script-1"}', want: '1 0 t {"command_id":"cmd-script-1"}' },
    {
      given: '0 0 t {"battery":77,"sensors":{"temperature":22}}',
      want: '0 0 t {"battery":<integer>,"sensors":{"temperature":<number>}}',
    },
    { given: '1 1 t {"version":3,"max_speed":50}', want: '1 1 t {"version":3,"max_speed":50}' },
    { given: "0 1 t 52.520012", want: "0 1 t <number>" },
    { given: "1 1 t ", want: "1 1 t " },
  ]
  for (const { given, want } of rows) {
    it(`prints ${want}`, () => {
      expect(normaliseTranscript([given], now)).toEqual([want])
    })
  }

  it("orders by topic, then by first appearance, and says each line once", () => {
    const lines = [
      "0 0 b 1",
      '1 0 a {"status":"z"}',
      "0 0 b 2",
      '1 0 a {"status":"y"}',
      "noise",
      '1 0 a {"status":"z"}',
    ]
    expect(normaliseTranscript(lines, now)).toEqual(['1 0 a {"status":"z"}', '1 0 a {"status":"y"}', "0 0 b <number>"])
  })
})
