/** The kernel's `fw_json.inc`. */
export const FW_JSON_INC = String.raw`#if FW_WORDY

FW_API uint8_t fw_json_look(fw_reader_t *in)
{
  const uint8_t *end = in->end;
  uint8_t *at = in->at;
  uint8_t c = 0;
  for (; at != end; at++) {
    c = *at;
    if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t') || FW_IS_TEXT(in)) break;
    c = 0;
  }
  in->at = at;
  return c;
}

FW_API void fw_json_wrong(fw_reader_t *in, fw_status_t status)
{
  fw_fail(in, in->at == in->end ? FW_TRUNCATED : status);
}

FW_API bool fw_json_take(fw_reader_t *in, uint8_t octet)
{
  if (fw_json_look(in) == octet) {
    in->at++;
    return true;
  }
  fw_json_wrong(in, FW_SYNTAX);
  return false;
}

FW_API bool fw_json_word(fw_reader_t *in, const char *word)
{
  (void)fw_json_look(in);
  for (; FW_BYTE(word) != 0; word++) {
    if (in->at == in->end || *in->at != FW_BYTE(word)) {
      fw_json_wrong(in, FW_SYNTAX);
      return false;
    }
    in->at++;
  }
  return true;
}
#endif

#if FW_JSON || FW_COMPACT
/* Four hexadecimal digits; more than 0xffff where they are none. */
static uint32_t fw_json_hex(const uint8_t *p, const uint8_t *end)
{
  uint32_t value = 0;
  uint8_t i;
  if (end - p < 4) return 0x10000;
  for (i = 0; i < 4; i++) {
    uint8_t c = p[i];
    if (c >= '0' && c <= '9') c = (uint8_t)(c - '0');
    else {
      c = (uint8_t)((c | 0x20) - 'a' + 10);
      if (c < 10 || c > 15) return 0x10000;
    }
    value = value << 4 | c;
  }
  return value;
}

/* The octets that the escape at ${"`"}*p${"`"} stands for, and how many; 0 where it is none. */
static uint8_t fw_json_unescape(const uint8_t **p, const uint8_t *end, uint8_t made[4])
{
  static const char letters[] FW_ROM = "\"\"\\\\//b\bf\fn\nr\rt\t";
  const uint8_t *q = *p + 1;
  const char *letter = letters;
  uint32_t point;
  uint8_t count;
  uint8_t i;
  if (q == end) return 0;
  if (*q != 'u') {
    while (FW_BYTE(letter) != 0 && FW_BYTE(letter) != *q) letter += 2;
    if (FW_BYTE(letter) == 0) return 0;
    made[0] = FW_BYTE(letter + 1);
    *p = q + 1;
    return 1;
  }
  point = fw_json_hex(q + 1, end);
  q += 5;
  if (point > 0xffff || (point & 0xfc00) == 0xdc00) return 0;
  if ((point & 0xfc00) == 0xd800) {
    uint32_t low = 0;
    if (end - q > 2 && q[0] == '\\' && q[1] == 'u') low = fw_json_hex(q + 2, end);
    if ((low & 0x1fc00) != 0xdc00) return 0;
    point = ((point & 0x3ff) << 10) + 0x10000 + (low & 0x3ff);
    q += 6;
  }
  *p = q;
  if (point < 0x80) {
    made[0] = (uint8_t)point;
    return 1;
  }
  count = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (i = count; --i != 0; point >>= 6) made[i] = (uint8_t)(0x80 | (point & 0x3f));
  made[0] = (uint8_t)(0xf00 >> count | point);
  return count;
}

FW_API uint32_t fw_json_string(fw_reader_t *in, fw_text_t *text)
{
  const uint8_t *end = in->end;
  uint8_t *from;
  uint8_t *to;
  const uint8_t *p;
  uint8_t all = 0;
  uint32_t points;
  text->length = 0;
  if (fw_json_look(in) != '"') {
    fw_json_wrong(in, FW_TYPE);
    return 0;
  }
  from = in->at + 1;
  to = from;
  p = from;
  for (;;) {
    uint8_t c;
    if (p == end) {
      fw_fail(in, FW_TRUNCATED);
      return 0;
    }
    c = *p++;
    if (c == '"') break;
    if (c == '\\') {
      /* What an escape stands for is shorter than it. */
      uint8_t count;
      p--;
      count = fw_json_unescape(&p, end, to);
      to += count;
      c = count == 0 ? 0 : 0x80;
    } else *to++ = c;
    all |= c;
    if (c < 0x20) {
      fw_fail(in, FW_SYNTAX);
      return 0;
    }
  }
  in->at = from + (p - from);
  text->data = (const char *)from;
  text->length = (size_t)(to - from);
  if (all < 0x80) return (uint32_t)text->length;
  points = fw_utf8(from, text->length);
  if (points != UINT32_MAX) return points;
  fw_fail(in, FW_ENCODING);
  return 0;
}

static void fw_json_skip_string(fw_reader_t *in)
{
  fw_text_t text;
  (void)fw_json_string(in, &text);
}

FW_API void fw_json_skip(fw_reader_t *in)
{
  uint8_t objects[9];
  uint8_t outside = in->depth;
  for (;;) {
    uint8_t c = fw_json_look(in);
    if (c == '{' || c == '[') {
      uint8_t bit;
      in->at++;
      if (++in->depth > 64) {
        fw_fail(in, FW_DEPTH);
        return;
      }
      bit = (uint8_t)(1 << (in->depth & 7));
      objects[in->depth >> 3] = (uint8_t)(objects[in->depth >> 3] & ~bit);
      if (c == '{') objects[in->depth >> 3] |= bit;
      /* ${"`"}}${"`"} is two behind ${"`"}{${"`"}, as ${"`"}]${"`"} is behind ${"`"}[${"`"}. */
      if (fw_json_look(in) != c + 2) {
        if (c == '{') {
          fw_json_skip_string(in);
          (void)fw_json_take(in, ':');
        }
        continue;
      }
    } else if (c == '"') fw_json_skip_string(in);
    else if (c == 't') (void)fw_json_word(in, fw_word_true);
    else if (c == 'f') (void)fw_json_word(in, fw_word_false);
    else if (c == 'n') (void)fw_json_word(in, fw_word_null);
    else {
      fw_number_t number;
      fw_json_number(in, 0, &number);
    }
    for (;;) {
      bool object = (objects[in->depth >> 3] & 1 << (in->depth & 7)) != 0;
      if (in->status != FW_OK || in->depth == outside) return;
      c = fw_json_look(in);
      if (c == ',') {
        in->at++;
        if (object) {
          fw_json_skip_string(in);
          (void)fw_json_take(in, ':');
        }
        break;
      }
      if (!fw_json_take(in, object ? '}' : ']')) return;
      in->depth--;
    }
  }
}
#endif
`
