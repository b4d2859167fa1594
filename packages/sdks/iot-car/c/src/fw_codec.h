#ifndef FW_CODEC_H
#define FW_CODEC_H

/*
 * The kernel that all generated codecs share. Applications use `fw_reader`, `fw_writer`, `fw_text` and `fw_written`;
 * everything below "for generated code" is what generated functions call.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw_config.h"
#include "fw_status.h"

#ifdef __cplusplus
extern "C" {
#endif

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
fw_reader_t fw_reader(fw_format_t format, uint8_t *data, size_t length);

/** A writer into `size` octets at `buffer`. Nothing is ever written behind them. */
fw_writer_t fw_writer(fw_format_t format, uint8_t *buffer, size_t size);

/** Octets written so far. They are a message only where the `encode` function returned `FW_OK`. */
size_t fw_written(const fw_writer_t *out);

/** A text of a C string, which must outlive it. NULL gives the empty text. */
fw_text_t fw_text(const char *string);

/** True where a text is, octet for octet, the C string. */
bool fw_text_is(const fw_text_t *text, const char *string);

/*
 * For generated code.
 *
 * A message's table has, for each field in the order of encoding: its number in the message, how many entries lie
 * inside it, its protobuf tag, its name and its short key (each with its length before it; a short key of length 0 is
 * the name). Fields of an object stand directly behind its entry and end with an octet 0.
 */

/** A number that is carried as an integer in units of its last decimal place. */
typedef struct {
  /** Bounds, in units of the last place. */
  fw_int_t min;
  fw_int_t max;
  /** How much a number may lie below `min` or above `max` and is still taken for it, in 10^-9 of the last place. */
  int32_t below;
  int32_t above;
#if FW_PROTOBUF
  /** 2^(63 + `shift`) / 5^places, rounded down: its 32 high bits and its 32 low bits. */
  uint32_t high;
  uint32_t low;
  /** 5^places. */
  uint32_t five;
  /** Bits of `five` less one, rounded up. */
  uint8_t shift;
  /** 32 or 64. */
  uint8_t bits;
#endif
  uint8_t places;
} fw_scaled_t;

/**
 * Where a field stands in its message, such as `parameters.speed`, as a C string of at most `size` octets with its end.
 * Builds without a format that has names give numbers, such as `4.2`. Gives the length without the end; 0 for field 0.
 */
size_t fw_path(const char *table, uint16_t field, char *buffer, size_t size);

/* Reading. After the first failure every function returns zeros, and `fw_next` and `fw_item` end their loops. */

void fw_fail(fw_reader_t *in, fw_status_t status);
fw_status_t fw_finish(fw_reader_t *in);
bool fw_once(fw_reader_t *in, const char *table, uint32_t *seen);
uint8_t fw_next(fw_reader_t *in, const char *table, uint32_t *seen);
uint8_t *fw_enter(fw_reader_t *in);
void fw_leave(fw_reader_t *in, uint8_t *outer);
uint8_t *fw_list(fw_reader_t *in, uint8_t wire);
bool fw_item(fw_reader_t *in, uint8_t *outer, uint8_t wire, bool again);
void fw_need(fw_reader_t *in, uint8_t object, uint32_t missing);
bool fw_null(fw_reader_t *in);
bool fw_get_bool(fw_reader_t *in);
fw_uint_t fw_get_uint(fw_reader_t *in, fw_uint_t min, fw_uint_t max);
fw_int_t fw_get_int(fw_reader_t *in, fw_int_t min, fw_int_t max);
#if FW_WIDE
uint64_t fw_get_uint64(fw_reader_t *in, uint64_t min, uint64_t max);
int64_t fw_get_int64(fw_reader_t *in, int64_t min, int64_t max);
#endif
fw_int_t fw_get_scaled(fw_reader_t *in, const fw_scaled_t *type);
uint32_t fw_get_enum(fw_reader_t *in, const char *words, uint32_t first);
void fw_get_text(fw_reader_t *in, fw_text_t *text, uint16_t min, uint16_t max);
void fw_get_const(fw_reader_t *in, const char *word, uint8_t length);

/* Writing. Every function takes the next entry of the table, and goes on after a failure without harm. */

void fw_begin(fw_writer_t *out, const char *table);
fw_status_t fw_end(const fw_writer_t *out);
void fw_absent(fw_writer_t *out);
uint8_t *fw_open(fw_writer_t *out);
uint8_t *fw_open_list(fw_writer_t *out, bool packed);
void fw_close_list(fw_writer_t *out, uint8_t *from);
void fw_close(fw_writer_t *out, uint8_t *from);
void fw_put_bool(fw_writer_t *out, bool value);
void fw_put_uint(fw_writer_t *out, fw_uint_t value, fw_uint_t min, fw_uint_t max);
void fw_put_int(fw_writer_t *out, fw_int_t value, fw_int_t min, fw_int_t max);
#if FW_WIDE
void fw_put_uint64(fw_writer_t *out, uint64_t value, uint64_t min, uint64_t max);
void fw_put_int64(fw_writer_t *out, int64_t value, int64_t min, int64_t max);
#endif
void fw_put_scaled(fw_writer_t *out, fw_int_t value, const fw_scaled_t *type);
void fw_put_enum(fw_writer_t *out, uint32_t value, const char *words, uint32_t first);
void fw_put_text(fw_writer_t *out, const fw_text_t *text, uint16_t min, uint16_t max);
void fw_put_const(fw_writer_t *out, const char *json, uint8_t length);

/** True where an automaton, which a pattern was made into, accepts all of a text. */
bool fw_fits(const char *automaton, const fw_text_t *text);

/** Writes a topic from its template as a C string. FW_TOPIC: a param is empty; FW_SPACE: the buffer is too small. */
fw_status_t fw_topic_format(const char *at, const char *prefix, const fw_text_t *params, char *buffer, size_t size);

/** True where a topic is one of a template; the params are what stands in their levels. */
bool fw_topic_match(const char *at, const char *prefix, const char *topic, size_t length, fw_text_t *params);

/** True where a text may stand in a level of a topic and has at most `max` code points. */
bool fw_topic_param(const fw_text_t *param, uint16_t max);

/** Sets `size` octets to zero. */
void fw_zero(void *what, size_t size);

/** Code points of `length` octets, UINT32_MAX where they are not well-formed UTF-8. */
uint32_t fw_utf8(const uint8_t *data, size_t length);

#ifdef __cplusplus
}
#endif

#endif
