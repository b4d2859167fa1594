/** The kernel's `fw_alone.inc`: what generated code calls where protobuf is the only format. */
export const FW_ALONE_INC = String.raw`#if !FW_TABLES

/*
 * Protobuf alone: fields are known by number, and tags are arguments, so that there is no table. What depends on
 * constants only is inline and costs nothing; what is left is one call for each field.
 */

static void fw_put_tagged(fw_writer_t *out, uint16_t tag, fw_uint_t value)
{
  /* Items of a packed list have none. */
  if (tag != 0) fw_put_varint(out, tag);
  fw_put_varint(out, value);
}

static void fw_put_most(fw_writer_t *out, uint16_t tag, fw_uint_t value, fw_uint_t max)
{
  if (value > max) fw_wrong(out, FW_RANGE);
  fw_put_tagged(out, tag, value);
}

FW_INLINE void fw_begin(fw_writer_t *out, const char *table)
{
  (void)table;
  out->at = out->start;
  out->status = FW_OK;
  out->field = 0;
}

FW_INLINE fw_status_t fw_end(const fw_writer_t *out)
{
  return (fw_status_t)out->status;
}

/* Leaves an octet for the length, which is known later. */
static uint8_t *fw_open_tagged(fw_writer_t *out, uint16_t tag)
{
  fw_put_tagged(out, tag, 0);
  return out->at;
}

FW_INLINE uint8_t *fw_open(fw_writer_t *out, uint16_t tag)
{
  return tag == 0 ? NULL : fw_open_tagged(out, tag);
}

FW_INLINE uint8_t *fw_open_list(fw_writer_t *out, uint16_t tag, bool packed)
{
  return packed ? fw_open_tagged(out, tag) : NULL;
}

/* The message itself has no length. Where something was wrong, there may be no octet for one. */
FW_INLINE void fw_close(fw_writer_t *out, uint8_t *from)
{
  if (from != NULL && out->status == FW_OK) fw_put_length(out, from);
}

static void fw_put_short_length(fw_writer_t *out, uint8_t *from)
{
  if (out->status == FW_OK) from[-1] = (uint8_t)(out->at - from);
}

FW_INLINE void fw_close_short(fw_writer_t *out, uint8_t *from)
{
  if (from != NULL) fw_put_short_length(out, from);
}

FW_INLINE void fw_close_list(fw_writer_t *out, uint8_t *from)
{
  fw_close(out, from);
}

FW_INLINE void fw_absent(fw_writer_t *out, uint8_t entries)
{
  (void)out;
  (void)entries;
}

FW_INLINE void fw_put_const(fw_writer_t *out, uint16_t tag, const char *json, uint8_t length)
{
  (void)out;
  (void)tag;
  (void)json;
  (void)length;
}

FW_INLINE void fw_put_bool(fw_writer_t *out, uint16_t tag, bool value)
{
  fw_put_tagged(out, tag, value ? 1 : 0);
}

FW_INLINE void fw_put_uint(fw_writer_t *out, uint16_t tag, fw_uint_t value, fw_uint_t min, fw_uint_t max)
{
  if (min != 0 && value < min) fw_wrong(out, FW_RANGE);
  if (max == FW_UINT_MAX) fw_put_tagged(out, tag, value);
  else fw_put_most(out, tag, value, max);
}

FW_INLINE void fw_put_int(fw_writer_t *out, uint16_t tag, fw_int_t value, fw_int_t min, fw_int_t max)
{
  const fw_uint_t size = (fw_uint_t)value;
  if (size - (fw_uint_t)min > (fw_uint_t)max - (fw_uint_t)min) fw_wrong(out, FW_RANGE);
  /* Zigzag: -1 is 1, -2 is 3. */
  fw_put_tagged(out, tag, value < 0 ? ~(size + size) : size + size);
}

#if FW_WIDE
FW_INLINE void fw_put_uint64(fw_writer_t *out, uint16_t tag, uint64_t value, uint64_t min, uint64_t max)
{
  fw_put_uint(out, tag, value, min, max);
}

FW_INLINE void fw_put_int64(fw_writer_t *out, uint16_t tag, int64_t value, int64_t min, int64_t max)
{
  fw_put_int(out, tag, value, min, max);
}
#endif

FW_INLINE void fw_put_enum(fw_writer_t *out, uint16_t tag, uint32_t value, const char *words, uint32_t first)
{
  if (value - first >= FW_BYTE(words)) fw_wrong(out, FW_ENUM);
  fw_put_tagged(out, tag, value);
}

/* What is wrong with a text; the bounds are 2^16 * min + max. */
static fw_status_t fw_measure(const fw_text_t *text, uint32_t bounds)
{
  uint32_t points = fw_utf8((const uint8_t *)text->data, text->length);
  if (points == UINT32_MAX) return FW_ENCODING;
  return points < bounds >> 16 || points > (bounds & 0xffff) ? FW_LENGTH : FW_OK;
}

static void fw_put_bounded(fw_writer_t *out, uint16_t tag, const fw_text_t *text, uint32_t bounds)
{
  fw_wrong(out, fw_measure(text, bounds));
  fw_put_tagged(out, tag, (fw_uint_t)text->length);
  fw_copy(out, text);
}

FW_INLINE void fw_put_text(fw_writer_t *out, uint16_t tag, const fw_text_t *text, uint32_t min, uint32_t max)
{
  fw_put_bounded(out, tag, text, min << 16 | max);
}

FW_INLINE void fw_start(fw_reader_t *in, const char *table)
{
  (void)in;
  (void)table;
}

/* Goes to the next field and gives its number; 0 at the end. What the message does not have is for ${"`"}fw_pass${"`"}. */
FW_API uint8_t fw_next(fw_reader_t *in, uint32_t *seen)
{
  uint32_t number = fw_field_number(in);
  if (number > 32) number = 33;
  else if (number != 0) *seen |= (uint32_t)1 << (number - 1);
  in->field = (uint16_t)number;
  return (uint8_t)number;
}

/* Something required is absent: ${"`"}missing${"`"} has the bits of such fields of an object. */
FW_API void fw_need(fw_reader_t *in, uint8_t object, uint32_t missing)
{
  (void)object;
  if (missing == 0 || in->status != FW_OK) return;
  in->field = 1;
  for (; (missing & 1) == 0; missing >>= 1) in->field++;
  fw_fail(in, FW_MISSING);
}

FW_API fw_uint_t fw_get_uint(fw_reader_t *in, fw_uint_t min, fw_uint_t max)
{
  fw_uint_t value = fw_varint_value(in);
#if FW_WIDE
  value |= (fw_uint_t)in->high << 32;
#else
  if (in->high != 0) fw_fail(in, FW_RANGE);
#endif
  if (value < min || value > max) fw_fail(in, FW_RANGE);
  return value;
}

FW_INLINE bool fw_get_bool(fw_reader_t *in)
{
  uint32_t low = fw_varint_value(in);
  return (low | in->high) != 0;
}

FW_API fw_int_t fw_get_int(fw_reader_t *in, fw_int_t min, fw_int_t max)
{
  fw_uint_t size = fw_get_uint(in, 0, FW_UINT_MAX);
  /* Zigzag: 1 is -1, 3 is -2. */
  fw_int_t value = (fw_int_t)((size & 1) != 0 ? ~(size >> 1) : size >> 1);
  if (value < min || value > max) fw_fail(in, FW_RANGE);
  return value;
}

#if FW_WIDE
FW_INLINE uint64_t fw_get_uint64(fw_reader_t *in, uint64_t min, uint64_t max)
{
  return fw_get_uint(in, min, max);
}

FW_INLINE int64_t fw_get_int64(fw_reader_t *in, int64_t min, int64_t max)
{
  return fw_get_int(in, min, max);
}
#endif

FW_API uint32_t fw_get_numbered(fw_reader_t *in, uint32_t first, uint32_t last)
{
  /* Of an enum's varint 32 bits count. */
  uint32_t value = fw_varint_value(in);
  if (value < first || value > last) fw_fail(in, FW_ENUM);
  return value;
}

FW_INLINE uint32_t fw_get_enum(fw_reader_t *in, const char *words, uint32_t first)
{
  return fw_get_numbered(in, first, first + FW_BYTE(words) - 1);
}

static void fw_get_bounded(fw_reader_t *in, fw_text_t *text, uint32_t bounds)
{
  fw_status_t status;
  text->length = fw_length(in);
  text->data = (const char *)in->at;
  in->at += text->length;
  status = fw_measure(text, bounds);
  if (status != FW_OK) fw_fail(in, status);
}

FW_INLINE void fw_get_text(fw_reader_t *in, fw_text_t *text, uint32_t min, uint32_t max)
{
  fw_get_bounded(in, text, min << 16 | max);
}

/* True once for a message that is one value, of which there may be several and the last is meant. */
FW_API bool fw_once(fw_reader_t *in, uint32_t *seen)
{
  uint8_t number;
  while ((number = fw_next(in, seen)) > 1) fw_pass(in);
  *seen &= 1;
  return number == 1;
}

/* A field is known by its number in the object that it stands in. */
FW_API size_t fw_path(const char *table, uint16_t field, char *buffer, size_t size)
{
  uint16_t unit = 1;
  size_t length = 0;
  (void)table;
  if (size == 0) return 0;
  while (field / unit > 9) unit = (uint16_t)(unit * 10);
  for (; field != 0 && unit != 0; unit = (uint16_t)(unit / 10)) {
    if (length + 1 < size) buffer[length++] = (char)('0' + field / unit % 10);
  }
  buffer[length] = '\0';
  return length;
}
#endif
`
