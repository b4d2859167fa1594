/** The kernel's `fw_kernel.h`. */
export const FW_KERNEL_H = String.raw`#ifndef FW_KERNEL_H
#define FW_KERNEL_H

#include "fw_codec.h"

#if defined(__GNUC__)
#define FW_UNUSED __attribute__((unused))
#else
#define FW_UNUSED
#endif

/* A function that is called from several places and small enough that a compiler would copy it into each. */
#if defined(__GNUC__)
#define FW_APART __attribute__((noinline))
#else
#define FW_APART
#endif

/* Functions of the kernel. What a program does not use of them is left out. */
#define FW_API static FW_UNUSED
#define FW_INLINE static inline FW_UNUSED

/* Constant data stays in flash, also where it has an address space of its own. */
#if defined(__AVR__)
#include <avr/pgmspace.h>
#define FW_ROM PROGMEM FW_UNUSED
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
#define FW_ROM FW_UNUSED
#define FW_BYTE(p) ((uint8_t)(*(p)))
#define FW_UINT(p) (*(p))
#define FW_SCALED(name, from) const fw_scaled_t *name = (from)
#endif

/* Processors that divide in one instruction get eleven bits of a quotient at once; others one. */
#ifndef FW_DIVIDE
#if defined(__AVR__) || defined(__XTENSA__) || (defined(__arm__) && !defined(__ARM_FEATURE_IDIV)) || \
    (defined(__riscv) && !defined(__riscv_div))
#define FW_DIVIDE 0
#else
#define FW_DIVIDE 1
#endif
#endif

#if !FW_PROTOBUF && !FW_JSON && !FW_COMPACT
#error "build at least one of FW_PROTOBUF, FW_JSON and FW_COMPACT"
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

/*
 * Fields are looked up in a message's table. Where protobuf alone is built they are known by number: there is no table, and
 * writing a field has its tag as an argument.
 */
#define FW_TABLES (FW_WORDY || FW_SPARSE)

#if FW_TABLES
#define FW_T(tag)
#define FW_TAG
#define FW_AND_TAG
#define FW_PUT_KEY(out) fw_key(out)
#define FW_UNKNOWN(in) (void)(in)
#define FW_OBJECT(name, in, bits) fw_object_t name = {(in)->table, (in)->table, bits, 0}
#define FW_NEXT(in, object) fw_next(in, &(object))
#define FW_ONCE_MORE(in, object) fw_once(in, &(object))
#else
#define FW_T(tag) tag,
#define FW_TAG uint16_t tag,
#define FW_AND_TAG , tag
#define FW_PUT_KEY(out) if (tag != 0) fw_put_varint(out, tag)
#define FW_UNKNOWN(in) fw_pass(in)
#define FW_OBJECT(name, in, bits) uint32_t *const name = (bits)
#define FW_NEXT(in, object) fw_next(in, object)
#define FW_ONCE_MORE(in, object) fw_once(in, object)
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


#if FW_WORDY
static const char fw_word_true[] FW_ROM = "true";
static const char fw_word_false[] FW_ROM = "false";
static const char fw_word_null[] FW_ROM = "null";
#endif

#if FW_TABLES
/** An object that is being read. */
typedef struct {
  const char *table;
  /** The entry behind the field that was found last, which most likely is the next one, and that field's place from 1. */
  const char *next;
  /** A bit for each field that was there. */
  uint32_t *seen;
  uint8_t place;
} fw_object_t;
#endif

/** A decimal literal, taken apart. */
typedef struct {
  /** The number without sign, times a power of ten, cut off. */
  fw_uint_t whole;
  /** The nine decimal digits behind ${"`"}whole${"`"}. */
  uint32_t rest;
  bool negative;
  /** Something but zeros follows ${"`"}rest${"`"}. */
  bool more;
  /** ${"`"}whole${"`"} is too small for it. */
  bool over;
  /** No point, no exponent, no minus zero. */
  bool plain;
} fw_number_t;

#if FW_WORDY
/** The octet at the cursor behind white space; 0 at the end. */
FW_API uint8_t fw_json_look(fw_reader_t *in);
/** Notes that the payload ends too early, or where it does not, what else is wrong. */
FW_API void fw_json_wrong(fw_reader_t *in, fw_status_t status);
/** Passes white space and this octet; false where another stands there. */
FW_API bool fw_json_take(fw_reader_t *in, uint8_t octet);
/** Passes a word such as ${"`"}true${"`"}; false where another stands there. */
FW_API bool fw_json_word(fw_reader_t *in, const char *word);
/** Reads a number times 10^places. */
FW_API void fw_json_number(fw_reader_t *in, uint8_t places, fw_number_t *number);
#endif
#if FW_JSON || FW_COMPACT
/** Passes a string and gives its code points; escapes in it are replaced in place. */
FW_API uint32_t fw_json_string(fw_reader_t *in, fw_text_t *text);
/** Passes a value of any kind. */
FW_API void fw_json_skip(fw_reader_t *in);
#endif
/** True where a text is this word. */
FW_API bool fw_same(const fw_text_t *text, const char *word, uint8_t length);

#if FW_PROTOBUF
/** The low 32 bits of a varint; ${"`"}in->high${"`"} gets the rest, or, where no integer is so wide, whether there is one. */
FW_API uint32_t fw_varint(fw_reader_t *in);
/** The same, of a field that must have the wire type for it. */
FW_API uint32_t fw_varint_value(fw_reader_t *in);
/** A length that fits what is left. */
FW_API size_t fw_length(fw_reader_t *in);
/** 32 bits, least octet first. */
FW_API uint32_t fw_fixed(fw_reader_t *in);
#endif

/** Notes what is wrong, unless something was before. */
FW_API void fw_wrong(fw_writer_t *out, fw_status_t status);
/** Room for so many octets, which count as written; NULL where there is none. */
FW_API uint8_t *fw_room(fw_writer_t *out, size_t count);
/** Writes the octets of a text as they are. */
FW_API void fw_copy(fw_writer_t *out, const fw_text_t *text);
FW_API void fw_put(fw_writer_t *out, uint8_t octet);
#if FW_PROTOBUF
FW_API void fw_put_varint(fw_writer_t *out, fw_uint_t value);
#endif

#if FW_PROTOBUF
/** Writes 32 bits, least octet first. */
FW_API void fw_put_fixed(fw_writer_t *out, uint32_t value);
#endif
#if FW_TABLES
/** The entry of a table behind this one. */
FW_API const char *fw_after(const char *entry);
/** The entry so many behind this one. */
FW_API const char *fw_at(const char *entry, uint8_t entries);
/** Writes the tag or the key of the next entry of the table. */
FW_API void fw_key(fw_writer_t *out);
#endif
#if FW_WORDY
/** Writes ${"`"}value${"`"} / 10^places in decimal. */
FW_API void fw_put_decimal(fw_writer_t *out, fw_uint_t value, uint8_t places);
#endif

/*
 * What generated code calls. All of it is in one file with that code, so that a compiler sees through it and leaves out
 * what is not used; two contracts in one program each have their own.
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
#if FW_PROTOBUF
  /** 5^places. */
  uint32_t five;
  /** 32 or 64. */
  uint8_t bits;
#endif
  uint8_t places;
} fw_scaled_t;

/**
 * Where a field stands in its message, such as ${"`"}parameters.speed${"`"}, as a C string of at most ${"`"}size${"`"} octets with its end.
 * Builds without a format that has names give numbers, such as ${"`"}4.2${"`"}. Gives the length without the end; 0 for field 0.
 */
FW_API size_t fw_path(const char *table, uint16_t field, char *buffer, size_t size);

/* Reading. After the first failure every function returns zeros, and ${"`"}fw_next${"`"} and ${"`"}fw_item${"`"} end their loops. */

FW_API void fw_fail(fw_reader_t *in, fw_status_t status);
FW_API fw_status_t fw_finish(fw_reader_t *in);
#if FW_PROTOBUF
FW_API void fw_pass(fw_reader_t *in);
#endif
FW_API uint8_t *fw_enter(fw_reader_t *in);
FW_API void fw_leave(fw_reader_t *in, uint8_t *outer);
FW_API uint8_t *fw_list(fw_reader_t *in, uint8_t wire);
FW_API bool fw_item(fw_reader_t *in, uint8_t *outer, uint8_t wire, bool again);
#if FW_TABLES
FW_API bool fw_once(fw_reader_t *in, fw_object_t *object);
#endif
/**
 * Reads a number; one that lies so much below ${"`"}min${"`"} or above ${"`"}max${"`"} is still taken for it, in 10^-9 of the last place.
 */
FW_API fw_int_t fw_get_scaled(fw_reader_t *in, const fw_scaled_t *type, int32_t below, int32_t above);
#if FW_TABLES
FW_API void fw_start(fw_reader_t *in, const char *table);
FW_API uint8_t fw_next(fw_reader_t *in, fw_object_t *object);
FW_API void fw_need(fw_reader_t *in, uint8_t object, uint32_t missing);
#if FW_JSON || FW_COMPACT
FW_API bool fw_null(fw_reader_t *in);
#endif
FW_API bool fw_get_bool(fw_reader_t *in);
FW_API fw_uint_t fw_get_uint(fw_reader_t *in, fw_uint_t min, fw_uint_t max);
FW_API fw_int_t fw_get_int(fw_reader_t *in, fw_int_t min, fw_int_t max);
#if FW_WIDE
FW_API uint64_t fw_get_uint64(fw_reader_t *in, uint64_t min, uint64_t max);
FW_API int64_t fw_get_int64(fw_reader_t *in, int64_t min, int64_t max);
#endif
FW_API uint32_t fw_get_enum(fw_reader_t *in, const char *words, uint32_t first);
FW_API void fw_get_text(fw_reader_t *in, fw_text_t *text, uint16_t min, uint16_t max);
FW_API void fw_get_const(fw_reader_t *in, const char *word, uint8_t length);
#endif

/* Writing. Every function takes the next entry of the table, and goes on after a failure without harm. */

FW_API void fw_put_scaled(fw_writer_t *out, FW_TAG fw_int_t value, const fw_scaled_t *type);
#if FW_TABLES
FW_API void fw_begin(fw_writer_t *out, const char *table);
FW_API fw_status_t fw_end(const fw_writer_t *out);
FW_API void fw_absent(fw_writer_t *out, uint8_t entries);
FW_API uint8_t *fw_open(fw_writer_t *out);
FW_API uint8_t *fw_open_list(fw_writer_t *out, bool packed);
FW_API void fw_close_list(fw_writer_t *out, uint8_t *from);
FW_API void fw_close(fw_writer_t *out, uint8_t *from);
FW_API void fw_close_short(fw_writer_t *out, uint8_t *from);
FW_API void fw_put_bool(fw_writer_t *out, bool value);
FW_API void fw_put_uint(fw_writer_t *out, fw_uint_t value, fw_uint_t min, fw_uint_t max);
FW_API void fw_put_int(fw_writer_t *out, fw_int_t value, fw_int_t min, fw_int_t max);
#if FW_WIDE
#define fw_put_uint64 fw_put_uint
#define fw_put_int64 fw_put_int
#endif
FW_API void fw_put_enum(fw_writer_t *out, uint32_t value, const char *words, uint32_t first);
FW_API void fw_put_text(fw_writer_t *out, const fw_text_t *text, uint16_t min, uint16_t max);
FW_API void fw_put_const(fw_writer_t *out, const char *json, uint8_t length);
#endif

/** True where an automaton, which a pattern was made into, accepts all of a text. */
FW_API bool fw_fits(const char *automaton, const fw_text_t *text);

/** True where a text has as many octets as there may be, each between the two that stand for its place. */
FW_API bool fw_fits_line(const char *pairs, uint8_t least, uint8_t most, const fw_text_t *text);

/** What a contract says of the param of this number. */
static bool fw_is_param(uint8_t number, const fw_text_t *param);

/** Writes the topic of a leg, from 1, as a C string. FW_TOPIC: a param is not allowed; FW_SPACE: the buffer is too small. */
FW_API fw_status_t fw_topic_format(const char *at, uint8_t leg, const char *prefix, const fw_text_t *params, char *buffer,
                                   size_t size);

/** The leg of a topic, 0 where it is of none; the params are what stands in their levels. */
FW_API uint8_t fw_topic_match(const char *at, const char *prefix, const char *topic, size_t length, fw_text_t *params);

/** True where a text may stand in a level of a topic and has at most ${"`"}max${"`"} code points. */
FW_API bool fw_topic_param(const fw_text_t *param, uint16_t max);

/** Sets ${"`"}size${"`"} octets to zero. */
FW_API void fw_zero(void *what, size_t size);

/** Code points of ${"`"}length${"`"} octets, UINT32_MAX where they are not well-formed UTF-8. */
FW_API uint32_t fw_utf8(const uint8_t *data, size_t length);

#endif
`
