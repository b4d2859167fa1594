/** The kernel's `fw_text.inc`. */
export const FW_TEXT_INC = `FW_API bool fw_same(const fw_text_t *text, const char *word, uint8_t length)
{
  const char *p = text->data;
  if (text->length != length) return false;
  for (; length != 0; length--) {
    if ((uint8_t)*p++ != FW_BYTE(word++)) return false;
  }
  return true;
}

FW_API uint32_t fw_utf8(const uint8_t *data, size_t length)
{
  const uint8_t *end = data + length;
  uint32_t points = 0;
  while (data != end) {
    uint32_t c = *data++;
    uint32_t halves = 0x0f;
    uint32_t mark;
    points++;
    if (c < 0x80) continue;
    if (c < 0xc2 || c > 0xf4 || data == end) return UINT32_MAX;
    /*
     * Neither a longer form than needed, nor half of a surrogate pair, nor beyond 0x10ffff: which of 0x8., 0x9., 0xa. and
     * 0xb. the second octet may be.
     */
    if (c == 0xe0) halves = 0x0c;
    if (c == 0xed) halves = 0x03;
    if (c == 0xf0) halves = 0x0e;
    if (c == 0xf4) halves = 0x01;
    if ((halves >> ((*data ^ 0x80u) >> 4) & 1) == 0) return UINT32_MAX;
    /* An octet follows for each bit that is set behind the first. */
    for (mark = c << 1; (mark & 0x80) != 0; mark <<= 1) {
      if (data == end || (*data++ & 0xc0) != 0x80) return UINT32_MAX;
    }
  }
  return points;
}

FW_API void fw_zero(void *what, size_t size)
{
  /* Volatile, so that no compiler makes a call of a larger memset of it. */
  volatile uint8_t *octet = (volatile uint8_t *)what;
  while (size-- != 0) *octet++ = 0;
}
`
