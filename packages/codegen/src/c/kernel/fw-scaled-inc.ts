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
  int16_t shift;
  uint64_t upper;
  uint64_t lower;
  uint32_t ten = type->five << type->places;
  if (in->wire != (type->bits == 64 ? 1 : 5)) fw_fail(in, FW_TYPE);
  if (type->bits == 64) low = fw_fixed(in);
  high = fw_fixed(in);
  number->negative = (high & 0x80000000u) != 0;
  /* The number is ${"`"}mantissa${"`"} and ${"`"}low${"`"} behind it, times 2^-shift. */
  if (type->bits == 64) {
    shift = (int16_t)(1023 + 31 - (int16_t)(high >> 20 & 0x7ff));
    mantissa = 0x80000000u | high << 11 | low >> 21;
    low <<= 11;
  } else {
    shift = (int16_t)(127 + 31 - (int16_t)(high >> 23 & 0xff));
    mantissa = 0x80000000u | high << 8;
  }
  /* Zero, and what is so small that it is zero in any unit. */
  if (shift > 96) return;
  lower = (uint64_t)low * ten;
  upper = (uint64_t)mantissa * ten + (lower >> 32);
  low = (uint32_t)lower;
  for (; shift > 0; shift--) {
    low = low >> 1 | (uint32_t)upper << 31;
    upper >>= 1;
  }
#if FW_WIDE
  for (; shift < 0 && (upper >> 63) == 0; shift++) {
    upper = upper << 1 | low >> 31;
    low <<= 1;
  }
#endif
  number->whole = (fw_uint_t)upper;
  number->over = shift < 0 || number->whole != upper;
  number->rest = (uint32_t)((uint64_t)low * 1000000000u >> 32);
}

/*
 * ${"`"}value${"`"} / 10^places as the nearest binary float: 53 bits of the quotient by 5^places and one more, which says how to
 * round. Nothing lies half way between two floats: what 5^places divides has no such bit, and in what it does not divide
 * there is no last one.
 */
static void fw_put_float(fw_writer_t *out, bool negative, fw_uint_t value, const fw_scaled_t *type)
{
  uint32_t high = 0;
  uint32_t low = 0;
  if (value != 0) {
    uint64_t quotient = 0;
    uint32_t left = 0;
    uint32_t exponent = FW_MOST_BITS + 53u - type->places;
#if FW_DIVIDE
#if !FW_WIDE
    exponent -= FW_MOST_BITS;
    quotient = value / type->five;
    left = value % type->five;
    value = 0;
#endif
    while ((quotient >> 53) == 0) {
      left <<= 11;
#if FW_WIDE
      left |= (uint32_t)(value >> (FW_MOST_BITS - 11));
      value <<= 11;
#endif
      quotient = quotient << 11 | left / type->five;
      left %= type->five;
      exponent -= 11;
    }
#if defined(__GNUC__)
    left = 10u - (uint32_t)__builtin_clz((unsigned)(quotient >> 32));
#else
    for (left = 0; (quotient >> 54 >> left) != 0; left++) {
    }
#endif
    quotient >>= left;
    exponent += left;
#else
    while ((quotient >> 53) == 0) {
      left = left << 1 | (uint32_t)(value >> (FW_MOST_BITS - 1));
      value <<= 1;
      quotient <<= 1;
      if (left >= type->five) {
        left -= type->five;
        quotient++;
      }
      exponent--;
    }
#endif
    /* The leading bit, and a carry out of it, adds one to the exponent. */
    if (type->bits == 64) {
      quotient = (quotient + 1) >> 1;
      low = (uint32_t)quotient;
      high = ((exponent + 1022) << 20) + (uint32_t)(quotient >> 32);
    } else {
      quotient >>= 29;
      high = ((exponent + 126) << 23) + (((uint32_t)quotient + 1) >> 1);
    }
    if (negative) high |= 0x80000000u;
  }
  if (type->bits == 64) fw_put_fixed(out, low);
  fw_put_fixed(out, high);
}
#endif

FW_API fw_int_t fw_get_scaled(fw_reader_t *in, const fw_scaled_t *from, int32_t below, int32_t above)
{
  fw_number_t number;
  fw_int_t value;
  int32_t beyond;
  FW_SCALED(type, from);
  number.whole = 0;
  number.rest = 0;
  number.negative = false;
  number.over = false;
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
    value = (fw_int_t)(0 - number.whole);
    beyond = -beyond;
  }
  if (number.over || value < type->min || value > type->max || (value == type->max && beyond > above) ||
      (value == type->min && -beyond > below))
    fw_fail(in, FW_RANGE);
  return in->status == FW_OK ? value : 0;
}

FW_API void fw_put_scaled(fw_writer_t *out, FW_TAG fw_int_t value, const fw_scaled_t *from)
{
  bool negative = value < 0;
  fw_uint_t size = negative ? 0 - (fw_uint_t)value : (fw_uint_t)value;
  FW_SCALED(type, from);
  FW_PUT_KEY(out);
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
