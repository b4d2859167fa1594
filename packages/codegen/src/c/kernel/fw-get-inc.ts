/** The kernel's `fw_get.inc`. */
export const FW_GET_INC = `#if FW_TABLES
FW_API bool fw_get_bool(fw_reader_t *in)
{
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    uint32_t low = fw_varint_value(in);
    return (low | in->high) != 0;
  }
#endif
#if FW_WORDY
  {
    uint8_t c = fw_json_look(in);
    if (c != 't' && c != 'f') fw_json_wrong(in, FW_TYPE);
    return fw_json_word(in, c == 't' ? fw_word_true : fw_word_false) && c == 't';
  }
#else
  return false;
#endif
}

#if FW_WORDY
/* What a string says; of the format text, all of the payload. */
static uint32_t fw_said(fw_reader_t *in, fw_text_t *text)
{
  uint32_t points;
#if FW_JSON || FW_COMPACT
  if (!FW_IS_TEXT(in)) return fw_json_string(in, text);
#endif
  text->data = (const char *)in->at;
  text->length = (size_t)(in->end - in->at);
  points = fw_utf8(in->at, text->length);
  in->at = in->end;
  if (points == UINT32_MAX) fw_fail(in, FW_ENCODING);
  return points;
}
#endif

#if FW_WORDY
/* A 64-bit integer that JSON says as a string, or an integer as a number. */
static fw_uint_t fw_spoken(fw_reader_t *in, bool wide, bool *negative)
{
  fw_number_t number;
#if FW_WIDE
  bool quoted = wide && !FW_IS_TEXT(in) && fw_json_look(in) == '"';
  uint8_t *outer = in->end;
  uint8_t format = in->format;
  uint8_t *behind = in->at;
  if (quoted) {
    fw_text_t text;
    (void)fw_said(in, &text);
    if (in->status != FW_OK) return 0;
    behind = in->at;
    in->at -= (text.data == NULL) ? 0 : behind - (const uint8_t *)text.data;
    in->end = in->at + text.length;
    in->format = FW_TEXT_FORMAT;
  }
#else
  (void)wide;
#endif
  fw_json_number(in, 0, &number);
#if FW_WIDE
  if (quoted) {
    if (in->at != in->end || !number.plain) fw_fail(in, FW_TYPE);
    in->format = format;
    in->end = outer;
    in->at = in->status == FW_OK ? behind : outer;
  } else if (wide && !FW_IS_TEXT(in) && number.whole > 9007199254740991u) fw_fail(in, FW_TYPE);
#endif
  if (number.over || number.more || number.rest != 0 || (FW_IS_TEXT(in) && !number.plain)) fw_fail(in, FW_RANGE);
  *negative = number.negative;
  return number.whole;
}
#endif

#if FW_PROTOBUF
static fw_uint_t fw_encoded(fw_reader_t *in, bool wide)
{
  fw_uint_t value = fw_varint_value(in);
#if FW_WIDE
  if (wide) return (fw_uint_t)in->high << 32 | value;
#else
  (void)wide;
#endif
  if (in->high != 0) fw_fail(in, FW_RANGE);
  return value;
}
#endif

static fw_uint_t fw_any_uint(fw_reader_t *in, fw_uint_t min, fw_uint_t max, bool wide)
{
  fw_uint_t value = 0;
  bool negative = false;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) value = fw_encoded(in, wide);
#endif
#if FW_WORDY
  if (!FW_IS_PROTOBUF(in)) value = fw_spoken(in, wide, &negative);
#endif
  if (value < min || value > max || (negative && value != 0)) fw_fail(in, FW_RANGE);
  return in->status == FW_OK ? value : 0;
}

static fw_int_t fw_any_int(fw_reader_t *in, fw_int_t min, fw_int_t max, bool wide)
{
  fw_uint_t size = 0;
  fw_int_t value;
  bool negative = false;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    size = fw_encoded(in, wide);
    negative = (size & 1) != 0;
    /* Zigzag: 1 is -1, 3 is -2. */
    size = (size >> 1) + (size & 1);
  }
#endif
#if FW_WORDY
  if (!FW_IS_PROTOBUF(in)) size = fw_spoken(in, wide, &negative);
#endif
  value = (fw_int_t)(negative ? 0 - size : size);
  if ((value < 0) != (negative && size != 0) || value < min || value > max) fw_fail(in, FW_RANGE);
  return in->status == FW_OK ? value : 0;
}

FW_API fw_uint_t fw_get_uint(fw_reader_t *in, fw_uint_t min, fw_uint_t max)
{
  return fw_any_uint(in, min, max, false);
}

FW_API fw_int_t fw_get_int(fw_reader_t *in, fw_int_t min, fw_int_t max)
{
  return fw_any_int(in, min, max, false);
}

#if FW_WIDE
FW_API uint64_t fw_get_uint64(fw_reader_t *in, uint64_t min, uint64_t max)
{
  return fw_any_uint(in, min, max, true);
}

FW_API int64_t fw_get_int64(fw_reader_t *in, int64_t min, int64_t max)
{
  return fw_any_int(in, min, max, true);
}
#endif

FW_API uint32_t fw_get_enum(fw_reader_t *in, const char *words, uint32_t first)
{
  uint8_t left = FW_BYTE(words++);
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    uint32_t value = fw_varint_value(in);
    if (value - first >= left) fw_fail(in, FW_ENUM);
    return in->status == FW_OK ? value : first;
  }
#endif
#if FW_WORDY
  {
    fw_text_t text;
    (void)fw_said(in, &text);
    for (; in->status == FW_OK && left != 0; left--, first++) {
      uint8_t length = FW_BYTE(words++);
      if (fw_same(&text, words, length)) return first;
      words += length;
    }
    fw_fail(in, FW_ENUM);
  }
#endif
  return first;
}

FW_API void fw_get_text(fw_reader_t *in, fw_text_t *text, uint16_t min, uint16_t max)
{
  uint32_t points = 0;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    text->length = fw_length(in);
    text->data = (const char *)in->at;
    points = fw_utf8(in->at, text->length);
    in->at += text->length;
    if (points == UINT32_MAX) fw_fail(in, FW_ENCODING);
  }
#endif
#if FW_WORDY
  if (!FW_IS_PROTOBUF(in)) points = fw_said(in, text);
#endif
  if (points < min || points > max) fw_fail(in, FW_LENGTH);
}

#if FW_JSON || FW_COMPACT
FW_API bool fw_null(fw_reader_t *in)
{
  return !FW_IS_PROTOBUF(in) && fw_json_look(in) == 'n' && fw_json_word(in, fw_word_null);
}
#endif

/* Passes a constant, given as the text that it is; a number and a boolean are compared by the caller. */
FW_API void fw_get_const(fw_reader_t *in, const char *word, uint8_t length)
{
#if FW_WORDY
  fw_text_t text;
  (void)fw_said(in, &text);
  if (!fw_same(&text, word, length)) fw_fail(in, FW_ENUM);
#else
  (void)in;
  (void)word;
  (void)length;
#endif
}
#endif
`
