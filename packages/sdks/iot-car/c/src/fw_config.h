#ifndef FW_CONFIG_H
#define FW_CONFIG_H

/* What is built in. Define any of these as 0 before, in the same way for every file, and its code is left out. */

/** JSON with the declared names. */
#ifndef FW_JSON
#define FW_JSON 1
#endif

/** JSON with the declared short keys. */
#ifndef FW_COMPACT
#define FW_COMPACT 1
#endif

/** Protobuf. */
#ifndef FW_PROTOBUF
#define FW_PROTOBUF 1
#endif

/** One scalar as plain text. */
#ifndef FW_TEXT
#define FW_TEXT 1
#endif

/** Integers of 64 bits: 1 where the contract has such. */
#ifndef FW_WIDE
#define FW_WIDE 0
#endif

/** Fields are not numbered from 1 on in the order that they stand in: never change this. */
#ifndef FW_SPARSE
#define FW_SPARSE 0
#endif

#endif
