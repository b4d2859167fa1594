import { event, message, t, telemetry } from "../src/index.js"
import type { Row } from "./row.js"
import { Reading, smallContract, withChannel, withField } from "./small-contract.js"

const one = (fields: Record<string, unknown>) =>
  withChannel(telemetry("demo/{unit}/reading", message("Reading", fields as never)))

/** Mistakes in the contract's head and in names. */
export const nameRows: readonly Row[] = [
  {
    code: "contract/not-a-contract",
    given: () => ({ name: "demo" }),
    path: "",
    message: "this is not a contract",
    help: "export default defineContract({ … }) from the module",
  },
  {
    code: "contract/name",
    given: () => smallContract({ name: "My Demo" }),
    path: "",
    message: "contract name `My Demo` is not lowercase words joined by hyphens",
    help: "write it like `iot-car`",
  },
  {
    code: "contract/version",
    given: () => smallContract({ version: "1.0" }),
    path: "",
    message: "version `1.0` is not a semantic version",
    help: "write three numbers like `2.0.0`",
  },
  {
    code: "contract/no-channels",
    given: () => smallContract({ channels: {} }),
    path: "",
    message: "the contract has no channel",
    help: 'add at least one, such as `telemetry("demo/{deviceId}/telemetry", Telemetry)`',
  },
  {
    code: "contract/wrong-part",
    given: () => smallContract({ channels: { reading: "demo/{unit}/reading" } }),
    path: "channels.reading",
    message: '`reading` is `"demo/{unit}/reading"`, not a channel',
    help: "use a builder such as `telemetry(topic, message)`",
  },
  {
    code: "contract/wrong-part",
    given: () => smallContract({ params: ["unit"] }),
    path: "params",
    message: '`params` is `["unit"]`, not an object',
    help: "use `t.param({ … })`",
  },
  {
    code: "contract/name-form",
    given: () => one({ __proto__: t.uint8(), level: t.uint8() }),
    path: "Reading.__proto__",
    message: "field name `__proto__` is not a name that JavaScript leaves alone",
    help: "rename it, for example to `proto`",
  },
  {
    code: "contract/name-form",
    given: () => one({ größe: t.uint8() }),
    path: "Reading.größe",
    message: "field name `größe` is not letters, digits and `_` that begin with a letter",
    help: "rename it, for example to `grosse`",
  },
  {
    code: "contract/name-form",
    given: () => one({ 温度: t.uint8() }),
    path: "Reading.温度",
    message: "field name `温度` is not letters, digits and `_` that begin with a letter",
    help: "rename it, for example to `value`",
  },
  {
    code: "contract/name-form",
    given: () => one({ "2nd": t.uint8() }),
    path: "Reading.2nd",
    message: "field name `2nd` is not letters, digits and `_` that begin with a letter",
    help: "rename it, for example to `value_2nd`",
  },
  {
    code: "contract/name-form",
    given: () => withChannel(telemetry("demo/{unit}/other", message("温度" as "Other", { level: t.uint8() }))),
    path: "温度",
    message: "message name `温度` is not letters and digits that begin with a capital",
    help: "rename it, for example to `Value`",
  },
  {
    code: "contract/name-form",
    given: () => one({ "wifi-rssi": t.uint8() }),
    path: "Reading.wifi-rssi",
    message: "field name `wifi-rssi` is not letters, digits and `_` that begin with a letter",
    help: "rename it, for example to `wifi_rssi`",
  },
  {
    code: "contract/name-form",
    given: () => withChannel(telemetry("demo/{unit}/reading", message("reading", { value: t.uint8() }))),
    path: "reading",
    message: "message name `reading` is not letters and digits that begin with a capital",
    help: "rename it, for example to `Reading`",
  },
  {
    code: "contract/name-reserved",
    given: () => one({ default: t.uint8() }),
    path: "Reading.default",
    message: "field name `default` is reserved in C, Java",
    help: "its SDKs there will print it with a trailing underscore; choose another name to avoid that",
  },
  {
    code: "contract/name-clash",
    given: () => one({ device_id: t.uint8(), deviceId: t.uint8() }),
    path: "Reading.deviceId",
    message: "`device_id` and `deviceId` become the same name `deviceId` in Java, Kotlin and the JSON form of protobuf",
    help: "rename one of them; `was` keeps its numbers",
  },
  {
    code: "contract/name-clash",
    given: () => withField(t.enum(["on", "ON"])),
    path: "Reading.tested.ON",
    message: "`on` and `ON` become the same name `ON` in C, Java and protobuf",
    help: "rename one of them; `was` keeps its numbers",
  },
  {
    code: "contract/short-clash",
    given: () => one({ battery: t.uint8({ short: "b" }), b: t.uint8() }),
    path: "Reading.b",
    message: "`b` is the compact key of both `battery` and `b`",
    help: "give one of them another short key",
  },
  {
    code: "contract/was-clash",
    given: () => one({ level: t.uint8({ was: "battery" }), battery: t.uint8() }),
    path: "Reading.battery",
    message: "`battery` was an earlier name of `level`, which is still here",
    help: "an earlier name cannot be given to something else: rename it",
  },
  {
    code: "contract/message-clash",
    given: () =>
      smallContract({
        channels: {
          one: telemetry("demo/{unit}/one", Reading),
          two: event("demo/{unit}/two", message("Reading", { value: t.uint16() })),
        },
      }),
    path: "Reading",
    message: "two different messages are called `Reading`",
    help: "rename one of them",
  },
  {
    code: "contract/type-name-clash",
    given: () => one({ a: t.enum(["x"], { name: "Mode" }), b: t.enum(["y"], { name: "Mode" }) }),
    path: "Reading.b",
    message: "two different types are called `Mode`",
    help: 'give one of them another name: `{ name: "…" }`',
  },
]
