import type { RenderedFile } from "../core/code-file.js"
import { FW_CODEC_H } from "./kernel/fw-codec-h.js"
import { FW_GET_C } from "./kernel/fw-get-c.js"
import { FW_INTERNAL_H } from "./kernel/fw-internal-h.js"
import { FW_JSON_C } from "./kernel/fw-json-c.js"
import { FW_NUMBER_C } from "./kernel/fw-number-c.js"
import { FW_PATH_C } from "./kernel/fw-path-c.js"
import { FW_PATTERN_C } from "./kernel/fw-pattern-c.js"
import { FW_PROTOBUF_C } from "./kernel/fw-protobuf-c.js"
import { FW_PUT_C } from "./kernel/fw-put-c.js"
import { FW_READ_C } from "./kernel/fw-read-c.js"
import { FW_SCALED_C } from "./kernel/fw-scaled-c.js"
import { FW_STATUS_H } from "./kernel/fw-status-h.js"
import { FW_TEXT_C } from "./kernel/fw-text-c.js"
import { FW_TOPIC_C } from "./kernel/fw-topic-c.js"

/** What all generated codecs share, the same for every contract. */
export const kernelFiles: readonly RenderedFile[] = [
  { path: "src/fw_codec.h", text: FW_CODEC_H },
  { path: "src/fw_get.c", text: FW_GET_C },
  { path: "src/fw_internal.h", text: FW_INTERNAL_H },
  { path: "src/fw_json.c", text: FW_JSON_C },
  { path: "src/fw_number.c", text: FW_NUMBER_C },
  { path: "src/fw_path.c", text: FW_PATH_C },
  { path: "src/fw_pattern.c", text: FW_PATTERN_C },
  { path: "src/fw_protobuf.c", text: FW_PROTOBUF_C },
  { path: "src/fw_put.c", text: FW_PUT_C },
  { path: "src/fw_read.c", text: FW_READ_C },
  { path: "src/fw_scaled.c", text: FW_SCALED_C },
  { path: "src/fw_status.h", text: FW_STATUS_H },
  { path: "src/fw_text.c", text: FW_TEXT_C },
  { path: "src/fw_topic.c", text: FW_TOPIC_C },
]
