import type { RenderedFile } from "../core/code-file.js"
import { FW_ALONE_INC } from "./kernel/fw-alone-inc.js"
import { FW_CODEC_H } from "./kernel/fw-codec-h.js"
import { FW_GET_INC } from "./kernel/fw-get-inc.js"
import { FW_JSON_INC } from "./kernel/fw-json-inc.js"
import { FW_KERNEL_H } from "./kernel/fw-kernel-h.js"
import { FW_NUMBER_INC } from "./kernel/fw-number-inc.js"
import { FW_PATH_INC } from "./kernel/fw-path-inc.js"
import { FW_PATTERN_INC } from "./kernel/fw-pattern-inc.js"
import { FW_PROTOBUF_INC } from "./kernel/fw-protobuf-inc.js"
import { FW_PUT_INC } from "./kernel/fw-put-inc.js"
import { FW_READ_INC } from "./kernel/fw-read-inc.js"
import { FW_SCALED_INC } from "./kernel/fw-scaled-inc.js"
import { FW_STATUS_H } from "./kernel/fw-status-h.js"
import { FW_TEXT_INC } from "./kernel/fw-text-inc.js"
import { FW_TOPIC_INC } from "./kernel/fw-topic-inc.js"

/** What all generated codecs share, the same for every contract. */
export const kernelFiles: readonly RenderedFile[] = [
  { path: "src/fw_alone.inc", text: FW_ALONE_INC },
  { path: "src/fw_codec.h", text: FW_CODEC_H },
  { path: "src/fw_get.inc", text: FW_GET_INC },
  { path: "src/fw_json.inc", text: FW_JSON_INC },
  { path: "src/fw_kernel.h", text: FW_KERNEL_H },
  { path: "src/fw_number.inc", text: FW_NUMBER_INC },
  { path: "src/fw_path.inc", text: FW_PATH_INC },
  { path: "src/fw_pattern.inc", text: FW_PATTERN_INC },
  { path: "src/fw_protobuf.inc", text: FW_PROTOBUF_INC },
  { path: "src/fw_put.inc", text: FW_PUT_INC },
  { path: "src/fw_read.inc", text: FW_READ_INC },
  { path: "src/fw_scaled.inc", text: FW_SCALED_INC },
  { path: "src/fw_status.h", text: FW_STATUS_H },
  { path: "src/fw_text.inc", text: FW_TEXT_INC },
  { path: "src/fw_topic.inc", text: FW_TOPIC_INC },
]

/** Parts that the one source file of a contract includes. */
export const kernelParts: readonly string[] = [
  "fw_get",
  "fw_json",
  "fw_number",
  "fw_path",
  "fw_pattern",
  "fw_protobuf",
  "fw_put",
  "fw_read",
  "fw_scaled",
  "fw_text",
  "fw_topic",
  "fw_alone",
]
