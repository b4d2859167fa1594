#include "fw_internal.h"

fw_reader_t fw_reader(fw_format_t format, uint8_t *data, size_t length)
{
  fw_reader_t in;
  fw_zero(&in, sizeof in);
  in.at = data;
  in.end = data + length;
  in.format = (uint8_t)format;
  return in;
}

void fw_fail(fw_reader_t *in, fw_status_t status)
{
  if (in->status == FW_OK) in->status = (uint8_t)status;
  in->at = in->end;
}

/* Nothing may follow a message. */
fw_status_t fw_finish(fw_reader_t *in)
{
  if (in->status == FW_OK && !FW_IS_PROTOBUF(in)) {
    (void)fw_json_look(in);
    if (in->at != in->end) fw_fail(in, FW_SYNTAX);
  }
  return (fw_status_t)in->status;
}

/* The entry behind this one. */
const char *fw_after(const char *entry)
{
  uint8_t id = FW_BYTE(entry++);
  if (id == 0) return entry;
  entry++;
#if FW_PROTOBUF
  while ((FW_BYTE(entry++) & 0x80) != 0) {
  }
#endif
#if FW_JSON || FW_COMPACT
  entry += FW_BYTE(entry) + 1;
#endif
#if FW_COMPACT
  entry += FW_BYTE(entry) + 1;
#endif
  return entry;
}

#if FW_PROTOBUF
static uint32_t tag_of(const char *entry)
{
  uint8_t low = FW_BYTE(entry + 2);
  return (low & 0x80) == 0 ? low : (uint32_t)(low & 0x7f) | (uint32_t)FW_BYTE(entry + 3) << 7;
}

/* Passes a field that the message does not have. */
static void pass(fw_reader_t *in, uint8_t wire)
{
  uint32_t high;
  if (wire == 0) (void)fw_varint(in, &high);
  else if (wire == 2) in->at += fw_length(in);
  else if (wire == 5) (void)fw_fixed(in);
  else if (wire == 1) {
    (void)fw_fixed(in);
    (void)fw_fixed(in);
  } else fw_fail(in, FW_TYPE);
}
#endif

#if FW_JSON || FW_COMPACT
static void enter(fw_reader_t *in, uint8_t bracket)
{
  if (FW_IS_TEXT(in)) fw_fail(in, FW_FORMAT);
  else if (fw_json_look(in) != bracket && in->at != in->end) fw_fail(in, FW_TYPE);
  if (fw_json_take(in, bracket) && in->depth > 64) fw_fail(in, FW_DEPTH);
  in->fresh = 1;
}

/* Passes a comma, a key and its colon; false at the end of the object. */
static bool member(fw_reader_t *in, fw_text_t *key)
{
  if (fw_json_look(in) == '}') {
    in->at++;
    in->depth--;
    in->fresh = 0;
    return false;
  }
  if (in->fresh == 0 && !fw_json_take(in, ',')) return false;
  in->fresh = 0;
  (void)fw_json_string(in, key, false);
  return fw_json_take(in, ':');
}

static bool is_named(fw_reader_t *in, const char *entry, const fw_text_t *key)
{
  entry += 2;
#if FW_PROTOBUF
  while ((FW_BYTE(entry++) & 0x80) != 0) {
  }
#endif
#if FW_COMPACT
  if (FW_IS_COMPACT(in)) {
    const char *brief = entry + FW_BYTE(entry) + 1;
    if (FW_BYTE(brief) != 0) entry = brief;
  }
#else
  (void)in;
#endif
  return fw_json_same(key, entry + 1, FW_BYTE(entry));
}
#endif

/*
 * Goes to the next field of an object that is in its table, past others, up to its value. Gives its place among the
 * object's fields, beginning with 1; 0 at the end of the object. `seen` has a bit for each field.
 */
uint8_t fw_next(fw_reader_t *in, const char *table, uint32_t *seen)
{
  for (;;) {
    const char *entry = table;
    uint8_t place = 0;
    uint8_t inside;
    bool mismatch = false;
#if FW_PROTOBUF
    uint32_t tag = 0;
#endif
#if FW_JSON || FW_COMPACT
    fw_text_t key;
#endif
    if (in->status != FW_OK) return 0;
#if FW_PROTOBUF
    if (FW_IS_PROTOBUF(in)) {
      uint32_t high;
      if (in->at == in->end) return 0;
      tag = fw_varint(in, &high);
      if (high != 0 || tag < 8) fw_fail(in, FW_SYNTAX);
      in->wire = (uint8_t)(tag & 7);
    }
#endif
#if FW_JSON || FW_COMPACT
    if (!FW_IS_PROTOBUF(in) && !member(in, &key)) return 0;
#endif
    if (in->status != FW_OK) return 0;
    while (FW_BYTE(entry) != 0) {
      bool found = false;
      place++;
#if FW_PROTOBUF
      if (FW_IS_PROTOBUF(in)) {
        uint32_t own = tag_of(entry);
        /* Scalars of a list come one by one or packed: `fw_list` looks at how. */
        found = own == tag || ((own & 7) == FW_LIST_WIRE && (own ^ tag) < 8);
        if ((own ^ tag) < 8) {
          in->field = FW_BYTE(entry);
          mismatch = true;
        }
      }
#endif
#if FW_JSON || FW_COMPACT
      if (!FW_IS_PROTOBUF(in)) found = is_named(in, entry, &key);
#endif
      if (found) {
        uint32_t bit = (uint32_t)1 << (place - 1);
        in->field = FW_BYTE(entry);
        in->table = fw_after(entry);
        if ((*seen & bit) != 0 && !FW_IS_PROTOBUF(in)) {
          fw_fail(in, FW_DUPLICATE);
          return 0;
        }
        *seen |= bit;
        return place;
      }
      inside = FW_BYTE(entry + 1);
      entry = fw_after(entry);
      for (; inside != 0; inside--) entry = fw_after(entry);
    }
#if FW_PROTOBUF
    if (FW_IS_PROTOBUF(in)) {
      if (mismatch) fw_fail(in, FW_TYPE);
      else pass(in, in->wire);
    }
#endif
#if FW_JSON || FW_COMPACT
    if (!FW_IS_PROTOBUF(in)) fw_json_skip(in);
#endif
    (void)mismatch;
  }
}

/* Something required is absent: `missing` has the bits of such fields of the object that is field `object`. */
void fw_need(fw_reader_t *in, uint8_t object, uint32_t missing)
{
  uint16_t place = 1;
  if (missing == 0 || in->status != FW_OK) return;
  for (; (missing & 1) == 0; missing >>= 1) place++;
  in->field = (uint16_t)(object | place << 8);
  fw_fail(in, FW_MISSING);
}

/* Goes into an object, whose fields are at `in->table`; `fw_leave` wants what this gives. */
uint8_t *fw_enter(fw_reader_t *in)
{
  uint8_t *outer = in->end;
  in->depth++;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    /* A message itself has no length before it. */
    if (in->depth != 1) {
      size_t length = fw_length(in);
      in->end = in->at + length;
    }
    return outer;
  }
#endif
#if FW_JSON || FW_COMPACT
  enter(in, '{');
#endif
  return outer;
}

void fw_leave(fw_reader_t *in, uint8_t *outer)
{
  in->end = outer;
  if (in->status != FW_OK) in->at = outer;
}

/* Goes into a list whose items have this wire type; `fw_item` wants what this gives. */
uint8_t *fw_list(fw_reader_t *in, uint8_t wire)
{
  uint8_t *outer = in->end;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    if (wire != 2 && in->wire == 2) {
      size_t length = fw_length(in);
      in->end = in->at + length;
    } else if (in->wire != wire) fw_fail(in, FW_TYPE);
    return outer;
  }
#endif
  (void)wire;
#if FW_JSON || FW_COMPACT
  in->depth++;
  enter(in, '[');
#endif
  return outer;
}

/* True before a further item; `again` behind the first. */
bool fw_item(fw_reader_t *in, uint8_t *outer, uint8_t wire, bool again)
{
  if (in->status != FW_OK) {
    fw_leave(in, outer);
    return false;
  }
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    if (wire == 2 || in->wire != 2) return !again;
    if (in->at != in->end) return true;
    in->end = outer;
    return false;
  }
#endif
  (void)wire;
#if FW_JSON || FW_COMPACT
  if (fw_json_look(in) == ']') {
    in->at++;
    in->depth--;
    in->fresh = 0;
    return false;
  }
  if (again) (void)fw_json_take(in, ',');
#endif
  return in->status == FW_OK;
}

/* True once for a message that is one value, of which protobuf may have several and means the last. */
bool fw_once(fw_reader_t *in, const char *table, uint32_t *seen)
{
  if (FW_IS_PROTOBUF(in)) return fw_next(in, table, seen) != 0;
  if (*seen != 0) return false;
  *seen = 1;
  return true;
}
