/** The kernel's `fw_protobuf.inc`. */
export const FW_PROTOBUF_INC = `#if FW_PROTOBUF

FW_API uint32_t fw_varint(fw_reader_t *in)
{
  uint32_t low = 0;
  uint8_t shift = 0;
  uint8_t c;
  in->high = 0;
  do {
    uint32_t bits;
    if (in->at == in->end) {
      fw_fail(in, FW_TRUNCATED);
      return 0;
    }
    c = *in->at++;
    bits = c & 0x7f;
    if (shift < 32) low |= bits << shift;
#if FW_WIDE
    if (shift == 28) in->high = bits >> 4;
    else if (shift > 28) in->high |= bits << (shift - 32);
#else
    /* It only matters that there are such bits. */
    if (shift == 28) bits >>= 4;
    if (shift >= 28) in->high |= bits;
#endif
    if (shift == 63 && c > 1) fw_fail(in, FW_SYNTAX);
    shift = (uint8_t)(shift + 7);
  } while (c > 0x7f);
  return low;
}

FW_API uint32_t fw_varint_value(fw_reader_t *in)
{
  if (in->wire != 0) fw_fail(in, FW_TYPE);
  return fw_varint(in);
}

FW_API size_t fw_length(fw_reader_t *in)
{
  uint32_t length;
  if (in->wire != 2) fw_fail(in, FW_TYPE);
  length = fw_varint(in);
  if (in->high == 0 && length <= (size_t)(in->end - in->at)) return (size_t)length;
  fw_fail(in, FW_TRUNCATED);
  return 0;
}

FW_API uint32_t fw_fixed(fw_reader_t *in)
{
  const uint8_t *p = in->at;
  if (in->end - p < 4) {
    fw_fail(in, FW_TRUNCATED);
    return 0;
  }
  in->at += 4;
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

FW_API void fw_put_varint(fw_writer_t *out, fw_uint_t value)
{
  uint8_t *at = out->at;
  const uint8_t *end = out->end;
  while (at != end) {
    *at = (uint8_t)value;
    value >>= 7;
    if (value == 0) {
      out->at = at + 1;
      return;
    }
    *at++ |= 0x80;
  }
  (void)fw_room(out, 1 + (size_t)(end - out->at));
}

FW_API void fw_put_fixed(fw_writer_t *out, uint32_t value)
{
  uint8_t *at = fw_room(out, 4);
  if (at == NULL) return;
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
  at[2] = (uint8_t)(value >> 16);
  at[3] = (uint8_t)(value >> 24);
}
#endif
`
