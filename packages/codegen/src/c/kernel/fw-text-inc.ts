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
  uint32_t points = 0;
  uint8_t more = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
  for (; length != 0; length--) {
    uint8_t c = *data++;
    if (more != 0) {
      if (c < low || c > high) return UINT32_MAX;
      low = 0x80;
      high = 0xbf;
      more--;
      continue;
    }
    points++;
    if (c < 0x80) continue;
    if (c < 0xc2 || c > 0xf4) return UINT32_MAX;
    if (c < 0xe0) more = 1;
    else if (c < 0xf0) {
      more = 2;
      /* Neither a longer form than needed, nor half of a surrogate pair. */
      if (c == 0xe0) low = 0xa0;
      if (c == 0xed) high = 0x9f;
    } else {
      more = 3;
      if (c == 0xf0) low = 0x90;
      if (c == 0xf4) high = 0x8f;
    }
  }
  return more == 0 ? points : UINT32_MAX;
}

FW_API void fw_zero(void *what, size_t size)
{
  /* Volatile, so that no compiler makes a call of a larger memset of it. */
  volatile uint8_t *octet = (volatile uint8_t *)what;
  while (size-- != 0) *octet++ = 0;
}
`
