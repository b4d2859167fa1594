import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { camelCase, createNameScope, kebabCase, pascalCase, snakeCase, upperSnakeCase, wordsOf } from "./name-policy.js"

describe("wordsOf", () => {
  it.each([
    { given: "device_id", want: ["device", "id"] },
    { given: "deviceId", want: ["device", "Id"] },
    { given: "GPSFix", want: ["GPS", "Fix"] },
    { given: "HTTP2Server", want: ["HTTP2", "Server"] },
    { given: "a--b  c", want: ["a", "b", "c"] },
    { given: "aBCd1E_2fG", want: ["a", "B", "Cd1", "E", "2f", "G"] },
    { given: "größeÄnderung", want: ["größe", "Änderung"] },
    { given: "e\u0301tat", want: ["\u00e9tat"] },
    { given: "---", want: [] },
  ])("takes $given apart", ({ given, want }) => {
    expect(wordsOf(given)).toEqual(want)
  })

  it("takes a name apart alike, whether it is ASCII or not", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abXYZ01_- $\0\x7f"), maxLength: 12 }), (name) => {
        expect([...wordsOf(`${name} é`)]).toEqual([...wordsOf(name), "é"])
      }),
    )
  })
})

describe("cases", () => {
  it.each([
    { given: "device_id", want: ["DeviceId", "deviceId", "device-id", "device_id", "DEVICE_ID"] },
    { given: "GPSFix", want: ["GPSFix", "gpsFix", "gps-fix", "gps_fix", "GPS_FIX"] },
    { given: "x", want: ["X", "x", "x", "x", "X"] },
  ])("prints $given in every case", ({ given, want }) => {
    const words = wordsOf(given)
    expect([pascalCase, camelCase, kebabCase, snakeCase, upperSnakeCase].map((print) => print(words))).toEqual(want)
  })
})

describe("createNameScope", () => {
  const policy = { case: camelCase, reserved: ["class", "class_"], empty: "unnamed" }

  it.each([
    { given: ["class"], want: ["class_2"] },
    { given: ["2nd"], want: ["_2nd"] },
    { given: ["", "--"], want: ["unnamed", "unnamed2"] },
    { given: ["a b", "a_b", "aB"], want: ["aB", "aB2", "aB3"] },
    { given: ["a2", "a", "a"], want: ["a2", "a", "a3"] },
    { given: ["__proto__", "proto"], want: ["proto", "proto2"] },
  ])("settles $given", ({ given, want }) => {
    const scope = createNameScope(policy)
    expect(given.map((name) => scope.take(name))).toEqual(want)
  })

  it("moves names that belong together when one of them is taken", () => {
    const scope = createNameScope({ case: pascalCase, reserved: [], empty: "Unnamed" })
    scope.take("FixInput")
    expect(scope.takeAll({ type: "Fix", input: "FixInput" })).toEqual({ type: "Fix2", input: "FixInput2" })
    expect(scope.take("Fix")).toBe("Fix")
  })

  it("takes names as equal that a file system may take as equal", () => {
    const scope = createNameScope({
      case: (words) => words.join(""),
      reserved: [],
      empty: "x",
      fold: (n) => n.toLowerCase(),
    })
    expect([scope.take("Ab"), scope.take("aB")]).toEqual(["Ab", "aB2"])
  })

  it("refuses to reserve what is taken", () => {
    const scope = createNameScope(policy)
    scope.reserve("contract")
    expect(() => scope.reserve("contract")).toThrow("name taken: contract")
    expect(scope.take("contract")).toBe("contract2")
  })

  it("gives identifiers, no two equal, none reserved, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("class", "A", "a", "1"))),
        (sources) => {
          const scope = createNameScope(policy)
          const names = sources.map((source) => scope.take(source))
          expect(new Set(names).size).toBe(names.length)
          for (const name of names) {
            expect(name).toMatch(/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u)
            expect(policy.reserved).not.toContain(name)
          }
        },
      ),
      { numRuns: 500, seed: 1 },
    )
  })
})
