/** The kernel's `fw_number.inc`. */
export const FW_NUMBER_INC = String.raw`#if FW_WORDY

/* Passes digits; the number that they say, UINT32_MAX where it is about that or more. */
static const uint8_t *fw_json_digits(const uint8_t *p, const uint8_t *end, uint32_t *number)
{
  uint32_t sum = 0;
  for (; p != end; p++) {
    uint32_t digit = (uint32_t)*p - '0';
    if (digit > 9) break;
    sum = sum > 429496728u ? UINT32_MAX : sum * 10 + digit;
  }
  *number = sum;
  return p;
}

FW_API void fw_json_number(fw_reader_t *in, uint8_t places, fw_number_t *number)
{
  const uint8_t *end = in->end;
  const uint8_t *first;
  const uint8_t *p;
  const uint8_t *behind;
  uint32_t digits;
  int32_t exponent = 0;
  int32_t at;
  uint8_t c;
  (void)fw_json_look(in);
  number->whole = 0;
  number->rest = 0;
  number->negative = false;
  number->more = false;
  number->over = false;
  number->plain = true;
  p = in->at;
  if (p != end && *p == '-') {
    number->negative = true;
    p++;
  }
  first = p;
  p = fw_json_digits(first, end, &digits);
  if (p == first) {
    fw_fail(in, p == end ? FW_TRUNCATED : FW_TYPE);
    return;
  }
  at = (int32_t)(first - p);
  if (*first == '0') {
    number->plain = !number->negative;
    if (at != -1) goto wrong;
  }
  c = p == end ? 0 : *p;
  if (c == '.') {
    number->plain = false;
    behind = ++p;
    p = fw_json_digits(p, end, &digits);
    if (p == behind) goto wrong;
    c = p == end ? 0 : *p;
    digits = UINT32_MAX;
  }
  behind = p;
  if ((c | 0x20) == 'e') {
    const uint8_t *from;
    number->plain = false;
    p++;
    c = p == end ? 0 : *p;
    if (c == '-' || c == '+') p++;
    from = p;
    p = fw_json_digits(p, end, &digits);
    if (p == from) goto wrong;
    exponent = digits > 100000 ? 100000 : (int32_t)digits;
    if (c == '-') exponent = -exponent;
    digits = UINT32_MAX;
  }
  in->at += p - in->at;
  /* Most numbers are integers that 32 bits are enough for. */
  if (places == 0 && digits != UINT32_MAX) {
    number->whole = digits;
    return;
  }
  /* ${"`"}at${"`"} is the place of a digit: below 0 in ${"`"}whole${"`"}, from 0 to 8 in ${"`"}rest${"`"}. */
  at -= exponent + places;
  for (p = first;;) {
    uint8_t digit = 0;
    if (p != behind) {
      digit = (uint8_t)(*p++ - '0');
      if (digit > 9) continue;
    } else if (at >= 9 || (at < 0 && number->whole == 0)) return;
    if (at < 0) {
      if (number->whole > FW_UINT_MAX / 10 || (number->whole == FW_UINT_MAX / 10 && digit > FW_UINT_MAX % 10)) {
        number->over = true;
        return;
      }
      number->whole = number->whole * 10 + digit;
    } else if (at < 9) number->rest = number->rest * 10 + digit;
    else if (digit != 0) number->more = true;
    at++;
  }
wrong:
  fw_fail(in, p == end ? FW_TRUNCATED : FW_SYNTAX);
}

static const fw_uint_t fw_powers[] FW_ROM = {
#if FW_WIDE
  10000000000000000000u, 1000000000000000000u, 100000000000000000u, 10000000000000000u, 1000000000000000u,
  100000000000000u, 10000000000000u, 1000000000000u, 100000000000u, 10000000000u,
#endif
  1000000000u, 100000000u, 10000000u, 1000000u, 100000u, 10000u, 1000u, 100u, 10u, 1u};

FW_API void fw_put_decimal(fw_writer_t *out, fw_uint_t value, uint8_t places)
{
  uint8_t left = (uint8_t)(sizeof fw_powers / sizeof fw_powers[0]);
  const fw_uint_t *power = fw_powers;
  uint8_t *at = out->at;
  uint8_t *end = out->end;
  /* Powers that are too large to be in it. */
  while (left > places + 1 && value < FW_UINT(power)) {
    power++;
    left--;
  }
  /* By subtraction: division costs more flash and, where there is none in hardware, more time. */
  for (;;) {
    uint8_t digit = '0';
    fw_uint_t unit = FW_UINT(power++);
    for (; value >= unit; value -= unit) digit++;
    if (at == end) break;
    *at++ = digit;
    left--;
    if (left <= places && value == 0) {
      out->at = at;
      return;
    }
    if (left == places) {
      if (at == end) break;
      *at++ = '.';
    }
  }
  (void)fw_room(out, (size_t)(end - out->at) + 1);
}
#endif
`
