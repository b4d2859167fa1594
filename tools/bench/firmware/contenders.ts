/** One way to write a telemetry and to read a command. */
export interface Contender {
  readonly name: string
  readonly format: "protobuf" | "json"
  /** The program in `c/`, then the library's sources: relative to the build folder. */
  readonly program: string
  readonly library: readonly string[]
  readonly flags: readonly string[]
  /** Needs a C library with printf or malloc. */
  readonly hosted?: boolean
  /** Not a contender, but a row about our own code. */
  readonly row?: "five" | "six" | "both"
}

const ONLY_PROTOBUF = ["-DOUR_FORMAT=FW_PROTOBUF_FORMAT", "-DFW_JSON=0", "-DFW_COMPACT=0", "-DFW_TEXT=0"]
const ONLY_JSON = ["-DOUR_FORMAT=FW_JSON_FORMAT", "-DFW_PROTOBUF=0", "-DFW_COMPACT=0", "-DFW_TEXT=0"]
const OURS = ["ours/iot_car.c"]

/** Everything that is built, ours first. */
export const contenders: readonly Contender[] = [
  { name: "Fleetwire, protobuf", format: "protobuf", program: "ours.c", library: OURS, flags: ONLY_PROTOBUF },
  {
    name: "nanopb 0.4.7",
    format: "protobuf",
    program: "nanopb.c",
    library: ["nanopb/pb_encode.c", "nanopb/pb_decode.c", "nanopb/pb_common.c", "nanopb/iot_car.pb.c"],
    flags: ["-Inanopb", "-DPB_VALIDATE_UTF8", "-DPB_NO_ERRMSG"],
  },
  {
    name: "protobuf-c 1.4.1",
    format: "protobuf",
    program: "protobuf-c.c",
    library: ["protobuf-c/protobuf-c/protobuf-c.c", "protobuf-c/iot_car.pb-c.c"],
    flags: ["-Iprotobuf-c"],
    hosted: true,
  },
  { name: "Fleetwire, JSON", format: "json", program: "ours.c", library: OURS, flags: ONLY_JSON },
  { name: "snprintf + jsmn 1.1.0", format: "json", program: "jsmn.c", library: [], flags: ["-Ijsmn"], hosted: true },
  {
    name: "cJSON 1.7.15",
    format: "json",
    program: "cjson.c",
    library: ["cjson/cJSON.c"],
    flags: ["-Icjson"],
    hosted: true,
  },
  {
    name: "Fleetwire, both formats",
    format: "json",
    program: "ours.c",
    library: OURS,
    flags: ["-DOUR_FORMAT=FW_JSON_FORMAT", "-DFW_COMPACT=0", "-DFW_TEXT=0"],
    row: "both",
  },
  {
    name: "five messages, protobuf",
    format: "protobuf",
    program: "five.c",
    library: OURS,
    flags: ONLY_PROTOBUF,
    row: "five",
  },
  {
    name: "six messages, protobuf",
    format: "protobuf",
    program: "six.c",
    library: OURS,
    flags: ONLY_PROTOBUF,
    row: "six",
  },
  { name: "five messages, JSON", format: "json", program: "five.c", library: OURS, flags: ONLY_JSON, row: "five" },
  { name: "six messages, JSON", format: "json", program: "six.c", library: OURS, flags: ONLY_JSON, row: "six" },
]
