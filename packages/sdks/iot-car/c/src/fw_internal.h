#ifndef FW_INTERNAL_H
#define FW_INTERNAL_H

/* What the kernel's files share among themselves. */

#include "fw_codec.h"

/* Constant data stays in flash, also where it has an address space of its own. */
#if defined(__AVR__)
#include <avr/pgmspace.h>
#define FW_ROM PROGMEM
#define FW_BYTE(p) ((uint8_t)pgm_read_byte(p))
#if FW_WIDE
#define FW_UINT(p) ((fw_uint_t)pgm_read_qword(p))
#else
#define FW_UINT(p) ((fw_uint_t)pgm_read_dword(p))
#endif
#define FW_SCALED(name, from) \
  fw_scaled_t name##_copy; \
  const fw_scaled_t *name = &name##_copy; \
  memcpy_P(&name##_copy, from, sizeof name##_copy)
#else
#define FW_ROM
#define FW_BYTE(p) ((uint8_t)(*(p)))
#define FW_UINT(p) (*(p))
#define FW_SCALED(name, from) const fw_scaled_t *name = (from)
#endif

#define FW_WORDY (FW_JSON || FW_COMPACT || FW_TEXT)

/* Constant where only one kind of format is built, so that the other costs nothing. */
#if FW_PROTOBUF && FW_WORDY
#define FW_IS_PROTOBUF(x) ((x)->format == FW_PROTOBUF_FORMAT)
#else
#define FW_IS_PROTOBUF(x) (FW_PROTOBUF)
#endif
#if FW_COMPACT && (FW_JSON || FW_PROTOBUF || FW_TEXT)
#define FW_IS_COMPACT(x) ((x)->format == FW_COMPACT_FORMAT)
#else
#define FW_IS_COMPACT(x) (FW_COMPACT)
#endif
#if FW_TEXT && (FW_JSON || FW_COMPACT || FW_PROTOBUF)
#define FW_IS_TEXT(x) ((x)->format == FW_TEXT_FORMAT)
#else
#define FW_IS_TEXT(x) (FW_TEXT)
#endif

/* Columns of a message's table: formats that are left out take no flash. */
#if FW_PROTOBUF
#define FW_P(octets) octets
#else
#define FW_P(octets)
#endif
#if FW_JSON || FW_COMPACT
#define FW_J(octets) octets
#else
#define FW_J(octets)
#endif
#if FW_COMPACT
#define FW_C(octets) octets
#else
#define FW_C(octets)
#endif

/* Spellings, which protobuf does not have. */
#if FW_WORDY
#define FW_W(octets) octets
#else
#define FW_W(octets)
#endif

/** Wire type in a table for a list of scalars, which come packed or one by one. */
#define FW_LIST_WIRE 6u

extern const char fw_word_true[];
extern const char fw_word_false[];
extern const char fw_word_null[];

/** A decimal literal, taken apart. */
typedef struct {
  /** The number without sign, times a power of ten, cut off. */
  fw_uint_t whole;
  /** The nine decimal digits behind `whole`. */
  uint32_t rest;
  bool negative;
  /** Something but zeros follows `rest`. */
  bool more;
  /** `whole` is too small for it. */
  bool over;
  /** No point, no exponent, no minus zero. */
  bool plain;
} fw_number_t;

/** The octet at the cursor behind white space; 0 at the end. */
uint8_t fw_json_look(fw_reader_t *in);
/** Passes white space and this octet; false where another stands there. */
bool fw_json_take(fw_reader_t *in, uint8_t octet);
/** Passes a string and gives its code points; `resolve` replaces escapes in place. */
uint32_t fw_json_string(fw_reader_t *in, fw_text_t *text, bool resolve);
/** True where the octets of a string, with their escapes, say the word. */
bool fw_json_same(const fw_text_t *raw, const char *word, uint8_t length);
/** Passes a word such as `true`; false where another stands there. */
bool fw_json_word(fw_reader_t *in, const char *word);
/** Passes a value of any kind. */
void fw_json_skip(fw_reader_t *in);
/** Reads a number times 10^places. */
void fw_json_number(fw_reader_t *in, uint8_t places, fw_number_t *number);

/** True where a text is this word. */
bool fw_same(const fw_text_t *text, const char *word, uint8_t length);

/** The low 32 bits of a varint; `high` gets the rest. */
uint32_t fw_varint(fw_reader_t *in, uint32_t *high);
/** A length that fits what is left. */
size_t fw_length(fw_reader_t *in);
/** 32 bits, least octet first. */
uint32_t fw_fixed(fw_reader_t *in);

/** The entry of a table behind this one. */
const char *fw_after(const char *entry);
/** Notes what is wrong, unless something was before. */
void fw_wrong(fw_writer_t *out, fw_status_t status);
/** Room for so many octets, which count as written; NULL where there is none. */
uint8_t *fw_room(fw_writer_t *out, size_t count);
void fw_put(fw_writer_t *out, uint8_t octet);
void fw_put_varint(fw_writer_t *out, fw_uint_t value);
void fw_put_fixed(fw_writer_t *out, uint32_t value);
/** Writes the tag or the key of the next entry of the table. */
void fw_key(fw_writer_t *out);
/** Writes `value` / 10^places in decimal. */
void fw_put_decimal(fw_writer_t *out, fw_uint_t value, uint8_t places);

#endif
