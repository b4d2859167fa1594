/** The kernel's `fw_config.h`. */
export const FW_CONFIG_H = String.raw`#ifndef FW_CONFIG_H
#define FW_CONFIG_H
#ifndef FW_JSON
#define FW_JSON 1
#endif
#ifndef FW_COMPACT
#define FW_COMPACT 1
#endif
#ifndef FW_PROTOBUF
#define FW_PROTOBUF 1
#endif
#ifndef FW_TEXT
#define FW_TEXT 1
#endif
#ifndef FW_WIDE
#define FW_WIDE 0
#endif
#endif
`
