/** The kernel's `fw_scaled.inc`. */
export const FW_SCALED_INC = String.raw`/* Numbers that are carried in units of their last decimal place. Binary floats are taken apart and put together with
 * integers only, and rounded as a correct conversion rounds. */

#if FW_WIDE
#define FW_MOST_BITS 64
#else
#define FW_MOST_BITS 32
#endif

#if FW_PROTOBUF
/* A binary float of the wire times 10^places: ${"`"}whole${"`"} and ${"`"}rest${"`"} as of a decimal literal. */
static void fw_take_float(fw_reader_t *in, const fw_scaled_t *type, fw_number_t *number)
{
  uint32_t high;
  uint32_t mantissa;
  uint32_t low = 0;
  int16_t exponent;
  uint64_t upper;
  uint64_t lower;
  uint32_t ten = type->five << type->places;
  int16_t shift;
  if (in->wire != (type->bits == 64 ? 1 : 5)) fw_fail(in, FW_TYPE);
  if (type->bits == 64) low = fw_fixed(in);
  high = fw_fixed(in);
  number->negative = (high & 0x80000000u) != 0;
  if (type->bits == 64) {
    exponent = (int16_t)((high >> 20 & 0x7ff) - 1023);
    mantissa = 0x80000000u | high << 11 | low >> 21;
    low <<= 11;
    if (exponent == 1024) number->over = true;
    if (exponent == -1023) mantissa = 0;
  } else {
    exponent = (int16_t)((high >> 23 & 0xff) - 127);
    mantissa = 0x80000000u | high << 8;
    if (exponent == 128) number->over = true;
    if (exponent == -127) mantissa = 0;
  }
  /* Zero, and what is so small that it is zero in any unit. */
  if (mantissa == 0) return;
  upper = (uint64_t)mantissa * ten;
  lower = (uint64_t)low * ten;
  upper += lower >> 32;
  /* The number is ${"`"}upper${"`"} * 2^(exponent - 31), and the low half of ${"`"}lower${"`"} below. */
  shift = (int16_t)(31 - exponent);
  if (shift < (FW_MOST_BITS == 64 ? -31 : 0)) {
    number->over = true;
    return;
  }
#if FW_WIDE
  if (shift < 0) {
    uint8_t left = (uint8_t)-shift;
    if (upper >> (64 - left) != 0) number->over = true;
    number->whole = upper << left | (uint32_t)lower >> (32 - left);
    upper = 0;
    number->rest = (uint32_t)(((uint64_t)((uint32_t)lower << left) * 1000000000u) >> 32);
    return;
  }
#endif
  if (shift < 64) {
    uint64_t whole = upper >> shift;
    number->whole = (fw_uint_t)whole;
    if (number->whole != whole) number->over = true;
  }
  if (shift < 32) upper = upper << (32 - shift) | (uint32_t)lower >> shift;
  else if (shift < 96) upper >>= shift - 32;
  else upper = 0;
  number->rest = (uint32_t)((uint64_t)(uint32_t)upper * 1000000000u >> 32);
}

#if FW_MULTIPLY
/* For each number of places 2^(63 + bits) / 5^places, rounded down, and ${"`"}bits${"`"}, as many as 5^places - 1 has. */
static const uint32_t fw_reciprocals[][2] = {
    {0x80000000u, 0x00000000u}, {0xccccccccu, 0xccccccccu}, {0xa3d70a3du, 0x70a3d70au}, {0x83126e97u, 0x8d4fdf3bu},
    {0xd1b71758u, 0xe219652bu}, {0xa7c5ac47u, 0x1b478423u}, {0x8637bd05u, 0xaf6c69b5u}, {0xd6bf94d5u, 0xe57a42bcu},
    {0xabcc7711u, 0x8461cefcu}, {0x89705f41u, 0x36b4a597u}};
static const uint8_t fw_reciprocal_bits[] = {0, 3, 5, 7, 10, 12, 14, 17, 19, 21};
#endif

/*
 * ${"`"}value${"`"} / 5^places, rounded down: 64 bits, of which the first is 1, times 2^*exponent. Gives whether something is
 * left over.
 */
static bool fw_divide(fw_uint_t value, const fw_scaled_t *type, uint64_t *quotient, int16_t *exponent)
{
  uint64_t q = 0;
  uint32_t left = 0;
  int16_t power = 0;
#if FW_MULTIPLY
  const uint32_t *reciprocal = fw_reciprocals[type->places];
  uint8_t bits = fw_reciprocal_bits[type->places];
#if defined(__GNUC__)
  power = (int16_t)(sizeof value == 8 ? __builtin_clzll((unsigned long long)value) : __builtin_clz((unsigned int)value));
  value <<= power;
#else
  for (; (value >> (FW_MOST_BITS - 1)) == 0; value <<= 1) power++;
#endif
  /* By the reciprocal: one too small at most, which what is left over tells. */
#if FW_WIDE
  {
    uint32_t high = (uint32_t)(value >> 32);
    uint64_t middle = (uint64_t)high * reciprocal[1] + ((value & 0xffffffffu) * reciprocal[1] >> 32);
    uint64_t other = (value & 0xffffffffu) * reciprocal[0] + (uint32_t)middle;
    q = (uint64_t)high * reciprocal[0] + (middle >> 32) + (other >> 32);
  }
  left = (uint32_t)(value << bits >> 1);
#else
  q = (uint64_t)value * reciprocal[0] + ((uint64_t)value * reciprocal[1] >> 32);
#endif
  left -= (uint32_t)q * type->five;
  if (bits == 0) left = 0;
  if (left >= type->five) {
    q++;
    left -= type->five;
  }
  power = (int16_t)(FW_MOST_BITS - 63 - power - bits);
  if ((q >> 63) == 0) {
    q <<= 1;
    power--;
  }
#else
  power = FW_MOST_BITS;
  while ((q >> 63) == 0) {
    left = left << 1 | (uint32_t)(value >> (FW_MOST_BITS - 1));
    value <<= 1;
    q <<= 1;
    if (left >= type->five) {
      left -= type->five;
      q++;
    }
    power--;
  }
  if (value != 0) left = 1;
#endif
  *quotient = q;
  *exponent = power;
  return left != 0;
}

/* ${"`"}value${"`"} / 10^places as the nearest binary float, ties to even. */
static void fw_put_float(fw_writer_t *out, bool negative, fw_uint_t value, const fw_scaled_t *type)
{
  uint32_t high = 0;
  uint32_t low = 0;
  if (value != 0) {
    uint64_t quotient;
    int16_t exponent;
    uint32_t below;
    bool more = fw_divide(value, type, &quotient, &exponent);
    exponent = (int16_t)(exponent + 63 - type->places);
    if (type->bits == 64) {
      below = (uint32_t)quotient & 0x7ff;
      quotient >>= 11;
      if (below > 0x400 || (below == 0x400 && (more || (quotient & 1) != 0))) quotient++;
      low = (uint32_t)quotient;
      /* The leading bit, and a carry out of it, adds one to the exponent. */
      high = ((uint32_t)(exponent + 1023) << 20) + (uint32_t)(quotient >> 32) - 0x100000u;
      if (negative) high |= 0x80000000u;
      fw_put_fixed(out, low);
    } else {
      uint32_t top = (uint32_t)(quotient >> 32);
      below = top & 0xff;
      more = more || (uint32_t)quotient != 0;
      top >>= 8;
      if (below > 0x80 || (below == 0x80 && (more || (top & 1) != 0))) top++;
      high = ((uint32_t)(exponent + 127) << 23) + top - 0x800000u;
      if (negative) high |= 0x80000000u;
    }
  } else if (type->bits == 64) fw_put_fixed(out, 0);
  fw_put_fixed(out, high);
}
#endif

FW_API fw_int_t fw_get_scaled(fw_reader_t *in, const fw_scaled_t *from)
{
  fw_number_t number;
  fw_int_t value;
  int32_t beyond;
  FW_SCALED(type, from);
  fw_zero(&number, sizeof number);
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) fw_take_float(in, type, &number);
#endif
#if FW_WORDY
  if (!FW_IS_PROTOBUF(in)) fw_json_number(in, type->places, &number);
#endif
  beyond = (int32_t)number.rest;
  if (beyond >= 500000000) {
    number.whole++;
    beyond -= 1000000000;
  }
  value = (fw_int_t)number.whole;
  if (value < 0) number.over = true;
  if (number.negative) {
    value = -value;
    beyond = -beyond;
  }
  if (number.over || value < type->min || value > type->max || (value == type->max && beyond > type->above) ||
      (value == type->min && -beyond > type->below))
    fw_fail(in, FW_RANGE);
  return in->status == FW_OK ? value : 0;
}

FW_API void fw_put_scaled(fw_writer_t *out, fw_int_t value, const fw_scaled_t *from)
{
  bool negative = value < 0;
  fw_uint_t size = negative ? 0 - (fw_uint_t)value : (fw_uint_t)value;
  FW_SCALED(type, from);
  fw_key(out);
  if (value < type->min || value > type->max) fw_wrong(out, FW_RANGE);
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(out)) fw_put_float(out, negative, size, type);
#endif
#if FW_WORDY
  if (!FW_IS_PROTOBUF(out)) {
    if (negative) fw_put(out, '-');
    fw_put_decimal(out, size, type->places);
  }
#endif
}
`
