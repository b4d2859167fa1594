/** The kernel's `fw_pattern.inc`. */
export const FW_PATTERN_INC = `/* A number of an automaton: seven bits in each octet, the low ones first. */
static uint32_t fw_automaton_number(const char **at)
{
  uint32_t value = 0;
  uint8_t shift = 0;
  uint8_t c;
  do {
    c = FW_BYTE((*at)++);
    value |= (uint32_t)(c & 0x7f) << shift;
    shift = (uint8_t)(shift + 7);
  } while ((c & 0x80) != 0);
  return value;
}

/*
 * For each state: twice the number of its edges, plus 1 where it accepts; then of each edge, in order, the first code
 * point, how many follow, and the state behind it. The text is well-formed UTF-8.
 */
FW_API bool fw_fits(const char *automaton, const fw_text_t *text)
{
  const uint8_t *p = (const uint8_t *)text->data;
  const uint8_t *end = p + text->length;
  uint32_t state = 0;
  for (;;) {
    const char *at = automaton;
    uint32_t edges = fw_automaton_number(&at);
    uint32_t point;
    bool found = false;
    for (; state != 0; state--) {
      for (edges = (edges >> 1) * 3; edges != 0; edges--) (void)fw_automaton_number(&at);
      edges = fw_automaton_number(&at);
    }
    if (p == end) return (edges & 1) != 0;
    point = *p++;
    if (point >= 0xc0) {
      point &= point < 0xe0 ? 0x1f : point < 0xf0 ? 0x0f : 0x07;
      while (p != end && (*p & 0xc0) == 0x80) point = point << 6 | (*p++ & 0x3f);
    }
    for (edges >>= 1; edges != 0 && !found; edges--) {
      uint32_t from = fw_automaton_number(&at);
      uint32_t more = fw_automaton_number(&at);
      state = fw_automaton_number(&at);
      found = point - from <= more;
    }
    if (!found) return false;
  }
}

FW_API bool fw_fits_line(const char *pairs, uint8_t least, uint8_t most, const fw_text_t *text)
{
  const char *p = text->data;
  const char *end = p + text->length;
  if (text->length < least || text->length > most) return false;
  for (; p != end; p++, pairs += 2) {
    if ((uint8_t)*p < FW_BYTE(pairs) || (uint8_t)*p > FW_BYTE(pairs + 1)) return false;
  }
  return true;
}
`
