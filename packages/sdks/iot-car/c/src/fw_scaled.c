#include "fw_internal.h"

/* Numbers that are carried in units of their last decimal place. Binary floats are taken apart and put together with
 * integers only, and rounded as a correct conversion rounds. */

#if FW_WIDE
#define MOST_BITS 64
#else
#define MOST_BITS 32
#endif

#if FW_PROTOBUF
/* A binary float of the wire times 10^places: `whole` and `rest` as of a decimal literal. */
static void take_float(fw_reader_t *in, const fw_scaled_t *type, fw_number_t *number)
{
  uint32_t high;
  uint32_t mantissa;
  uint32_t low = 0;
  int16_t exponent;
  uint64_t upper;
  uint64_t lower;
  uint32_t ten = type->five << type->places;
  int16_t shift;
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
  /* The number is `upper` * 2^(exponent - 31), and the low half of `lower` below. */
  shift = (int16_t)(31 - exponent);
  if (shift < (MOST_BITS == 64 ? -31 : 0)) {
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

static uint8_t normalize(fw_uint_t *value)
{
  uint8_t shift = 0;
#if defined(__GNUC__) && (defined(__ARM_FEATURE_CLZ) || defined(__x86_64__) || defined(__aarch64__))
  shift = (uint8_t)(sizeof *value == 8 ? __builtin_clzll((unsigned long long)*value)
                                       : __builtin_clz((unsigned int)*value));
  *value <<= shift;
#else
  for (; (*value >> (MOST_BITS - 1)) == 0; *value <<= 1) shift++;
#endif
  return shift;
}

/* `value` / 10^places as the nearest binary float, ties to even. */
static void put_float(fw_writer_t *out, bool negative, fw_uint_t value, const fw_scaled_t *type)
{
  uint32_t high = 0;
  uint32_t low = 0;
  if (value != 0) {
    uint8_t shift = normalize(&value);
    int16_t exponent = (int16_t)(MOST_BITS - shift - type->places - type->shift);
    uint64_t quotient;
    uint32_t left;
    uint32_t below;
    bool more;
    /* Quotient of value * 2^k / five by its reciprocal, one too small at most. */
#if FW_WIDE
    {
      uint32_t value_high = (uint32_t)(value >> 32);
      uint32_t value_low = (uint32_t)value;
      uint64_t middle = (uint64_t)value_high * type->low + ((uint64_t)value_low * type->low >> 32);
      uint64_t other = (uint64_t)value_low * type->high + (uint32_t)middle;
      quotient = (uint64_t)value_high * type->high + (middle >> 32) + (other >> 32);
    }
#else
    quotient = (uint64_t)value * type->high + ((uint64_t)value * type->low >> 32);
#endif
    left = 0u - (uint32_t)quotient * type->five;
#if FW_WIDE
    left += (uint32_t)(value << type->shift >> 1);
#endif
    if (type->shift == 0) left = 0;
    if (left >= type->five) {
      quotient++;
      left -= type->five;
    }
    more = left != 0;
    if ((quotient >> 63) == 0) {
      quotient <<= 1;
      exponent--;
    }
    if (type->bits == 64) {
      below = (uint32_t)quotient & 0x7ff;
      quotient >>= 11;
      if (below > 0x400 || (below == 0x400 && (more || (quotient & 1) != 0))) quotient++;
      low = (uint32_t)quotient;
      /* The leading bit, and a carry out of it, adds one to the exponent. */
      high = ((uint32_t)(exponent + 1023 - 1 + 1) << 20) + (uint32_t)(quotient >> 32) - 0x100000u;
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

fw_int_t fw_get_scaled(fw_reader_t *in, const fw_scaled_t *from)
{
  fw_number_t number;
  fw_int_t value;
  int32_t beyond;
  FW_SCALED(type, from);
  fw_zero(&number, sizeof number);
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) take_float(in, type, &number);
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

void fw_put_scaled(fw_writer_t *out, fw_int_t value, const fw_scaled_t *from)
{
  bool negative = value < 0;
  fw_uint_t size = negative ? 0 - (fw_uint_t)value : (fw_uint_t)value;
  FW_SCALED(type, from);
  fw_key(out);
  if (value < type->min || value > type->max) fw_wrong(out, FW_RANGE);
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(out)) put_float(out, negative, size, type);
#endif
#if FW_WORDY
  if (!FW_IS_PROTOBUF(out)) {
    if (negative) fw_put(out, '-');
    fw_put_decimal(out, size, type->places);
  }
#endif
}
