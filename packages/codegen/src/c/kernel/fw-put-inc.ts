/** The kernel's `fw_put.inc`. */
export const FW_PUT_INC = String.raw`FW_API void fw_wrong(fw_writer_t *out, fw_status_t status)
{
  if (out->status == FW_OK) out->status = (uint8_t)status;
}

FW_API uint8_t *fw_room(fw_writer_t *out, size_t count)
{
  uint8_t *at = out->at;
  if ((size_t)(out->end - at) < count) {
    /* Nothing else is written, so that what is there is the beginning of the message. */
    out->end = at;
    fw_wrong(out, FW_SPACE);
    return NULL;
  }
  out->at = at + count;
  return at;
}

FW_API void fw_copy(fw_writer_t *out, const fw_text_t *text)
{
  const char *p = text->data;
  size_t left = text->length;
  uint8_t *at = fw_room(out, left);
  if (at == NULL) return;
  for (; left != 0; left--) *at++ = (uint8_t)*p++;
}

FW_API void fw_put(fw_writer_t *out, uint8_t octet)
{
  uint8_t *at = out->at;
  if (at == out->end) (void)fw_room(out, 1);
  else {
    *at = octet;
    out->at = at + 1;
  }
}

#if FW_PROTOBUF
/* Writes the length of what begins behind the octet that was left for it. */
static void fw_put_length(fw_writer_t *out, uint8_t *from)
{
  size_t length = (size_t)(out->at - from);
  uint8_t *to;
  uint8_t more = 0;
  size_t rest;
  for (rest = length >> 7; rest != 0; rest >>= 7) more++;
  if (more != 0) {
    if (fw_room(out, more) == NULL) return;
    for (to = out->at - 1; to >= from + more; to--) *to = *(to - more);
  }
  for (to = from - 1; length > 0x7f; length >>= 7) *to++ = (uint8_t)(length | 0x80);
  *to = (uint8_t)length;
}
#endif

#if FW_TABLES
#if FW_WORDY
/* Writes a word from the flash; ${"`"}before${"`"} and ${"`"}behind${"`"} are the octets around it, 0 for none. */
static void fw_put_word(fw_writer_t *out, const char *word, uint8_t length, uint8_t before, uint8_t behind)
{
  uint8_t *at = fw_room(out, (size_t)length + (before != 0 ? 2 : 0) + (behind != 0 ? 1 : 0));
  if (at == NULL) return;
  if (before != 0) *at++ = before;
  for (; length != 0; length--) *at++ = FW_BYTE(word++);
  if (before != 0) *at++ = before;
  if (behind != 0) *at = behind;
}
#endif

/* Takes the next entry of the table; ${"`"}tagged${"`"} where its protobuf tag is written. */
static void fw_take_entry(fw_writer_t *out, bool tagged)
{
  const char *entry = out->table;
  if (out->status == FW_OK) out->field = FW_BYTE(entry);
  entry += 2;
#if FW_PROTOBUF
  {
    uint8_t c;
    uint8_t mask = 0xff;
    tagged = tagged && FW_IS_PROTOBUF(out) && FW_BYTE(entry) != 0;
    /* Scalars of a list are packed: wire type 2. */
    if ((FW_BYTE(entry) & 7) == FW_LIST_WIRE) mask = 0xfb;
    do {
      c = FW_BYTE(entry++);
      if (tagged) fw_put(out, (uint8_t)(c & mask));
      mask = 0xff;
    } while ((c & 0x80) != 0);
  }
#endif
#if FW_JSON || FW_COMPACT
  {
    const char *name = entry;
    entry += FW_BYTE(entry) + 1;
#if FW_COMPACT
    if (FW_IS_COMPACT(out) && FW_BYTE(entry) != 0) name = entry;
    entry += FW_BYTE(entry) + 1;
#endif
    if (!FW_IS_PROTOBUF(out)) {
      if (out->fresh == 0) fw_put(out, ',');
      out->fresh = 0;
      if (FW_BYTE(name) != 0) {
        fw_put_word(out, name + 1, FW_BYTE(name), '"', ':');
      }
    }
  }
#endif
  (void)tagged;
  out->table = entry;
}

FW_API void fw_key(fw_writer_t *out)
{
  fw_take_entry(out, true);
}

FW_API void fw_begin(fw_writer_t *out, const char *table)
{
  out->table = table;
  out->at = out->start;
  out->status = FW_OK;
  out->field = 0;
  out->fresh = 2;
}

FW_API fw_status_t fw_end(const fw_writer_t *out)
{
  return (fw_status_t)out->status;
}

/* Passes a field that is absent, with all that lies inside it. */
FW_API void fw_absent(fw_writer_t *out, uint8_t entries)
{
  do out->table = fw_after(out->table);
  while (--entries != 0);
}

/* A bracket, or room for a length; gives where what follows begins, NULL where there is no room. */
static uint8_t *fw_bracket(fw_writer_t *out, uint8_t octet)
{
  uint8_t *at = fw_room(out, 1);
  out->fresh = 1;
  if (at != NULL) *at++ = FW_IS_PROTOBUF(out) ? 0 : octet;
  return at;
}

FW_API uint8_t *fw_open(fw_writer_t *out)
{
  if (out->fresh == 2) {
    /* The message itself has neither key nor length. */
    out->fresh = 1;
    if (FW_IS_TEXT(out)) fw_wrong(out, FW_FORMAT);
    if (!FW_IS_PROTOBUF(out)) fw_put(out, '{');
    return NULL;
  }
  fw_key(out);
  return fw_bracket(out, '{');
}

FW_API uint8_t *fw_open_list(fw_writer_t *out, bool packed)
{
  fw_take_entry(out, packed);
  if (FW_IS_PROTOBUF(out) && !packed) return NULL;
  return fw_bracket(out, '[');
}

static void fw_close_with(fw_writer_t *out, uint8_t *from, uint8_t bracket)
{
  out->fresh = 0;
  if (!FW_IS_PROTOBUF(out)) fw_put(out, bracket);
#if FW_PROTOBUF
  else if (from != NULL) fw_put_length(out, from);
#endif
  (void)from;
}

FW_API void fw_close(fw_writer_t *out, uint8_t *from)
{
  /* Behind an object's fields stands an octet 0. */
  out->table++;
  fw_close_with(out, from, '}');
}

/* The same for an object that never has more than 127 octets in protobuf. */
FW_API void fw_close_short(fw_writer_t *out, uint8_t *from)
{
  out->table++;
  out->fresh = 0;
  if (!FW_IS_PROTOBUF(out)) fw_put(out, '}');
  else if (from != NULL) from[-1] = (uint8_t)(out->at - from);
}

FW_API void fw_close_list(fw_writer_t *out, uint8_t *from)
{
  fw_close_with(out, from, ']');
}

FW_API void fw_put_bool(fw_writer_t *out, bool value)
{
  fw_key(out);
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(out)) {
    fw_put(out, value ? 1 : 0);
    return;
  }
#endif
#if FW_WORDY
  fw_put_word(out, value ? fw_word_true : fw_word_false, value ? 4 : 5, 0, 0);
#endif
}

static void fw_put_integer(fw_writer_t *out, bool negative, fw_uint_t size, fw_uint_t varint)
{
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(out)) {
    fw_put_varint(out, varint);
    return;
  }
#endif
  (void)varint;
  (void)negative;
  (void)size;
#if FW_WORDY
  {
#if FW_WIDE
    /* What a double does not hold exactly stands in quotes in JSON. */
    const bool quoted = size >> 53 != 0 && out->format != FW_TEXT_FORMAT;
    if (quoted) fw_put(out, '"');
#endif
    if (negative) fw_put(out, '-');
    fw_put_decimal(out, size, 0);
#if FW_WIDE
    if (quoted) fw_put(out, '"');
#endif
  }
#endif
}

FW_API void fw_put_uint(fw_writer_t *out, fw_uint_t value, fw_uint_t min, fw_uint_t max)
{
  fw_key(out);
  if (value < min || value > max) fw_wrong(out, FW_RANGE);
  fw_put_integer(out, false, value, value);
}

FW_API void fw_put_int(fw_writer_t *out, fw_int_t value, fw_int_t min, fw_int_t max)
{
  bool negative = value < 0;
  fw_uint_t size = negative ? 0 - (fw_uint_t)value : (fw_uint_t)value;
  fw_key(out);
  if (value < min || value > max) fw_wrong(out, FW_RANGE);
  /* Zigzag: -1 is 1, -2 is 3. */
  fw_put_integer(out, negative, size, size + size - (negative ? 1 : 0));
}

FW_API void fw_put_enum(fw_writer_t *out, uint32_t value, const char *words, uint32_t first)
{
  uint8_t count = FW_BYTE(words++);
  fw_key(out);
  value -= first;
  if (value >= count) {
    fw_wrong(out, FW_ENUM);
    return;
  }
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(out)) {
    fw_put_varint(out, value + first);
    return;
  }
#endif
#if FW_WORDY
  for (; value != 0; value--) words += FW_BYTE(words) + 1;
  fw_put_word(out, words + 1, FW_BYTE(words), FW_IS_TEXT(out) ? 0 : '"', 0);
#endif
}

#if FW_JSON || FW_COMPACT
static void fw_put_escaped(fw_writer_t *out, const uint8_t *p, size_t length)
{
  static const char letters[] FW_ROM = "btn\0fr";
  uint8_t *at = out->at;
  const uint8_t *end = out->end;
  for (; length != 0; length--) {
    uint8_t c = *p++;
    uint8_t count = 1;
    if (c < 0x20) count = c >= 8 && c <= 13 && c != 11 ? 2 : 6;
    else if (c == '"' || c == '\\') count = 2;
    if (end - at < count) break;
    if (count != 1) {
      *at++ = '\\';
      if (count == 6) {
        *at++ = 'u';
        *at++ = '0';
        *at++ = '0';
        *at++ = (uint8_t)('0' + (c >> 4));
        c &= 15;
        c = (uint8_t)(c < 10 ? c + '0' : c + 'a' - 10);
      } else if (c < 0x20) c = FW_BYTE(letters + (c - 8));
    }
    *at++ = c;
  }
  out->at = at;
  if (length != 0) (void)fw_room(out, (size_t)(out->end - at) + 1);
}
#endif

FW_API void fw_put_text(fw_writer_t *out, const fw_text_t *text, uint16_t min, uint16_t max)
{
  const uint8_t *p = (const uint8_t *)text->data;
  size_t length = text->length;
  uint32_t points = fw_utf8(p, length);
  fw_key(out);
  if (points == UINT32_MAX) fw_wrong(out, FW_ENCODING);
  if (points < min || points > max) fw_wrong(out, FW_LENGTH);
#if FW_JSON || FW_COMPACT
  if (!FW_IS_PROTOBUF(out) && !FW_IS_TEXT(out)) {
    fw_put(out, '"');
    fw_put_escaped(out, p, length);
    fw_put(out, '"');
    return;
  }
#endif
#if FW_PROTOBUF || FW_TEXT
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(out)) fw_put_varint(out, (fw_uint_t)length);
#endif
  fw_copy(out, text);
#endif
}

/* The value of a constant, which protobuf does not carry. */
FW_API void fw_put_const(fw_writer_t *out, const char *json, uint8_t length)
{
  fw_key(out);
  (void)json;
  (void)length;
#if FW_WORDY
  if (!FW_IS_PROTOBUF(out)) fw_put_word(out, json, length, 0, 0);
#endif
}
#endif
`
