#ifndef FW_CODEC_H
#define FW_CODEC_H

/* What an application uses of the kernel that all generated codecs share. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw_config.h"
#include "fw_status.h"

/** How a payload is written. */
typedef enum {
  /** JSON with the declared names. */
  FW_JSON_FORMAT = 1,
  /** JSON with the declared short keys. */
  FW_COMPACT_FORMAT = 2,
  /** Protobuf, proto3. */
  FW_PROTOBUF_FORMAT = 3,
  /** One scalar as plain text. */
  FW_TEXT_FORMAT = 4
} fw_format_t;

/** Integers of the kernel: 64 bits wide only where the contract needs it. */
#if FW_WIDE
typedef uint64_t fw_uint_t;
typedef int64_t fw_int_t;
#define FW_UINT_MAX UINT64_MAX
#else
typedef uint32_t fw_uint_t;
typedef int32_t fw_int_t;
#define FW_UINT_MAX UINT32_MAX
#endif

/** Text in UTF-8 that lives elsewhere; not ended by NUL, and may contain one. */
typedef struct {
  /** First octet; may be NULL where `length` is 0. */
  const char *data;
  /** Octets. */
  size_t length;
} fw_text_t;

/** Octets that live elsewhere. */
typedef struct {
  const uint8_t *data;
  size_t length;
} fw_bytes_t;

/** A float32 as its IEEE 754 bits: no floating point is needed to carry it. */
typedef struct {
  uint32_t bits;
} fw_float32_t;

/** A float64 as its IEEE 754 bits, also where the compiler's `double` is shorter. */
typedef struct {
  uint64_t bits;
} fw_float64_t;

/** Where reading a payload stands. Begin with `fw_reader`. */
typedef struct {
  uint8_t *at;
  uint8_t *end;
  const char *table;
#if FW_PROTOBUF
  uint32_t high;
#endif
  /** Which field was being read; the message's `_path` function says where it stands. */
  uint16_t field;
  /** A `fw_status_t`: the first thing that was wrong. */
  uint8_t status;
  uint8_t format;
  uint8_t depth;
  uint8_t fresh;
  uint8_t wire;
} fw_reader_t;

/** Where writing a payload stands. Begin with `fw_writer`. */
typedef struct {
  uint8_t *start;
  uint8_t *at;
  uint8_t *end;
  const char *table;
  /** Which field was wrong; the message's `_path` function says where it stands. */
  uint16_t field;
  /** A `fw_status_t`: the first thing that was wrong. */
  uint8_t status;
  uint8_t format;
  uint8_t fresh;
} fw_writer_t;

/**
 * A reader of `length` octets at `data`.
 *
 * The octets must be writable and stay where they are as long as the value is used: texts of the value point into
 * them, and JSON's escapes are resolved in place.
 */
static inline fw_reader_t fw_reader(fw_format_t format, uint8_t *data, size_t length)
{
  fw_reader_t in;
  in.at = data;
  in.end = data + length;
  in.field = 0;
  in.status = FW_OK;
  in.format = (uint8_t)format;
  in.depth = 0;
  /* What is left is set where reading begins. */
  return in;
}

/** A writer into `size` octets at `buffer`. Nothing is ever written behind them. */
static inline fw_writer_t fw_writer(fw_format_t format, uint8_t *buffer, size_t size)
{
  fw_writer_t out;
  out.start = buffer;
  out.at = buffer;
  out.end = buffer + size;
  out.status = FW_OK;
  out.format = (uint8_t)format;
  /* What is left is set where writing begins. */
  return out;
}

/** Octets written so far. They are a message only where the `encode` function returned `FW_OK`. */
static inline size_t fw_written(const fw_writer_t *out)
{
  return (size_t)(out->at - out->start);
}

/** A text of a C string, which must outlive it. NULL gives the empty text. */
static inline fw_text_t fw_text(const char *string)
{
  fw_text_t text;
  /* Volatile, so that no compiler makes a call of a larger strlen of it. */
  const volatile char *at = string;
  text.data = string;
  text.length = 0;
  while (at != NULL && at[text.length] != '\0') text.length++;
  return text;
}

/** True where a text is, octet for octet, the C string. */
static inline bool fw_text_is(const fw_text_t *text, const char *string)
{
  size_t i;
  for (i = 0; i < text->length; i++) {
    if (string[i] == '\0' || string[i] != text->data[i]) return false;
  }
  return string[i] == '\0';
}

#endif
