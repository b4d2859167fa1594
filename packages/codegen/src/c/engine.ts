import type { RenderedFile } from "../core/code-file.js"
import { FW_ACK_INC } from "./engine/fw-ack-inc.js"
import { FW_COMMAND_INC } from "./engine/fw-command-inc.js"
import { FW_CONFIGURE_INC } from "./engine/fw-configure-inc.js"
import { FW_COREMQTT_H } from "./engine/fw-coremqtt-h.js"
import { FW_DEVICE_H } from "./engine/fw-device-h.js"
import { FW_ENGINE_INC } from "./engine/fw-engine-inc.js"
import { FW_FILE_STORE_H } from "./engine/fw-file-store-h.js"
import { FW_INBOUND_H } from "./engine/fw-inbound-h.js"
import { FW_LINK_INC } from "./engine/fw-link-inc.js"
import { FW_MEMORY_INC } from "./engine/fw-memory-inc.js"
import { FW_MOSQUITTO_H } from "./engine/fw-mosquitto-h.js"
import { FW_PUBSUBCLIENT_H } from "./engine/fw-pubsubclient-h.js"

/** What the engines of all devices share, the same for every contract. */
export const engineFiles: readonly RenderedFile[] = [
  { path: "src/fw_ack.inc", text: FW_ACK_INC },
  { path: "src/fw_command.inc", text: FW_COMMAND_INC },
  { path: "src/fw_configure.inc", text: FW_CONFIGURE_INC },
  { path: "src/fw_coremqtt.h", text: FW_COREMQTT_H },
  { path: "src/fw_device.h", text: FW_DEVICE_H },
  { path: "src/fw_engine.inc", text: FW_ENGINE_INC },
  { path: "src/fw_file_store.h", text: FW_FILE_STORE_H },
  { path: "src/fw_inbound.h", text: FW_INBOUND_H },
  { path: "src/fw_link.inc", text: FW_LINK_INC },
  { path: "src/fw_memory.inc", text: FW_MEMORY_INC },
  { path: "src/fw_mosquitto.h", text: FW_MOSQUITTO_H },
  { path: "src/fw_pubsubclient.h", text: FW_PUBSUBCLIENT_H },
]
