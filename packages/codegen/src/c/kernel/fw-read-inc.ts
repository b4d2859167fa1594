/** The kernel's `fw_read.inc`. */
export const FW_READ_INC = String.raw`FW_API void fw_fail(fw_reader_t *in, fw_status_t status)
{
  if (in->status == FW_OK) in->status = (uint8_t)status;
  in->at = in->end;
}

/* Nothing may follow a message. */
FW_API fw_status_t fw_finish(fw_reader_t *in)
{
#if FW_WORDY
  if (in->status == FW_OK && !FW_IS_PROTOBUF(in)) {
    (void)fw_json_look(in);
    if (in->at != in->end) fw_fail(in, FW_SYNTAX);
  }
#endif
  return (fw_status_t)in->status;
}

#if FW_TABLES
/* The entry behind this one. */
FW_API const char *fw_after(const char *entry)
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

/* The entry so many behind this one. */
FW_API const char *fw_at(const char *entry, uint8_t entries)
{
  for (; entries != 0; entries--) entry = fw_after(entry);
  return entry;
}

#endif

#if FW_PROTOBUF
/* Passes the value of a field that the message does not have. */
FW_API void fw_pass(fw_reader_t *in)
{
  size_t length = 0;
  if (in->wire == 0) (void)fw_varint(in);
  else if (in->wire == 1) length = 8;
  else if (in->wire == 5) length = 4;
  else length = fw_length(in);
  if ((size_t)(in->end - in->at) < length) fw_fail(in, FW_TRUNCATED);
  else in->at += length;
}

/* The number of the next field, whose wire type is left in ${"`"}wire${"`"}; 0 at the end. */
static uint32_t fw_field_number(fw_reader_t *in)
{
  uint32_t tag;
  if (in->at == in->end) return 0;
  tag = fw_varint(in);
  in->wire = (uint8_t)(tag & 7);
  tag >>= 3;
  if (in->high == 0 && tag != 0) return tag;
  fw_fail(in, FW_SYNTAX);
  return 0;
}
#endif

#if FW_TABLES
#if FW_PROTOBUF
/* The number of the entry's field, in the bits above a tag's wire type. */
static uint32_t fw_tag_of(const char *entry)
{
  uint8_t low = FW_BYTE(entry + 2);
  return (low & 0x80) == 0 ? low : (uint32_t)(low & 0x7f) | (uint32_t)FW_BYTE(entry + 3) << 7;
}
#endif

#if FW_JSON || FW_COMPACT
static void fw_json_enter(fw_reader_t *in, uint8_t bracket)
{
  if (FW_IS_TEXT(in)) fw_fail(in, FW_FORMAT);
  else if (fw_json_look(in) != bracket) fw_json_wrong(in, FW_TYPE);
  else if (in->depth > 64) fw_fail(in, FW_DEPTH);
  else in->at++;
  in->fresh = 1;
}

/* The name of an entry, with its length before it. */
static const char *fw_name(const fw_reader_t *in, const char *entry)
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
#endif
  (void)in;
  return entry;
}

/* Passes a comma, a key and its colon; the key most likely is the one of this entry: then it is left without data. */
static bool fw_json_member(fw_reader_t *in, const char *entry, fw_text_t *key)
{
  uint8_t c = fw_json_look(in);
  if (c == '}') {
    in->at++;
    in->depth--;
    in->fresh = 0;
    return false;
  }
  if (in->fresh == 0 && fw_json_take(in, ',')) c = fw_json_look(in);
  in->fresh = 0;
  if (FW_BYTE(entry) != 0 && c == '"') {
    const char *name = fw_name(in, entry);
    key->length = FW_BYTE(name);
    key->data = (const char *)in->at + 1;
    if ((size_t)(in->end - in->at) > key->length + 1 && key->data[key->length] == '"' &&
        fw_same(key, name + 1, (uint8_t)key->length)) {
      in->at += key->length + 2;
      key->data = NULL;
      return fw_json_take(in, ':');
    }
  }
  (void)fw_json_string(in, key);
  return fw_json_take(in, ':');
}
#endif

/*
 * Goes to the next field of an object, up to its value. Gives its place among the object's fields in its table, beginning
 * with 1; 0 at the end of the object, and for a field that is not in its table.
 */
static uint8_t fw_find(fw_reader_t *in, fw_object_t *object, bool *ended)
{
  const char *entry = object->next;
  uint8_t place = object->place;
  uint8_t ends = 0;
#if FW_PROTOBUF
  uint32_t number = 0;
#endif
#if FW_JSON || FW_COMPACT
  /* Protobuf has no keys; gcc at -O2 cannot tell that none is looked at then. */
  fw_text_t key = {NULL, 0};
#endif
  *ended = true;
  if (in->status != FW_OK) return 0;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    number = fw_field_number(in);
    if (number == 0) return 0;
  }
#endif
#if FW_JSON || FW_COMPACT
  if (!FW_IS_PROTOBUF(in) && !fw_json_member(in, entry, &key)) return 0;
#endif
  while (ends < 2) {
    const char *field = entry;
    bool found = false;
    uint8_t inside;
    if (FW_BYTE(entry) == 0) {
      /* Once more from the beginning. */
      ends++;
      entry = object->table;
      place = 0;
      continue;
    }
    place++;
#if FW_PROTOBUF
    if (FW_IS_PROTOBUF(in)) found = fw_tag_of(entry) >> 3 == number;
#endif
#if FW_JSON || FW_COMPACT
    if (!FW_IS_PROTOBUF(in)) {
      const char *name = fw_name(in, entry);
      found = key.data == NULL || fw_same(&key, name + 1, FW_BYTE(name));
    }
#endif
    inside = FW_BYTE(entry + 1);
    do entry = fw_after(entry);
    while (inside-- != 0);
    if (found) {
      uint32_t bit = (uint32_t)1 << (place - 1);
      in->field = FW_BYTE(field);
      in->table = fw_after(field);
      object->next = entry;
      object->place = place;
      if ((*object->seen & bit) != 0 && !FW_IS_PROTOBUF(in)) {
        fw_fail(in, FW_DUPLICATE);
        return 0;
      }
      *object->seen |= bit;
      return place;
    }
  }
  *ended = false;
  return 0;
}

/* The same, past fields that are not in the table. */
FW_API uint8_t fw_next(fw_reader_t *in, fw_object_t *object)
{
  for (;;) {
    bool ended;
    uint8_t place = fw_find(in, object, &ended);
    if (place != 0 || ended) return place;
#if FW_PROTOBUF
    if (FW_IS_PROTOBUF(in)) fw_pass(in);
#endif
#if FW_JSON || FW_COMPACT
    if (!FW_IS_PROTOBUF(in)) fw_json_skip(in);
#endif
  }
}

/* Something required is absent: ${"`"}missing${"`"} has the bits of such fields of the object that is field ${"`"}object${"`"}. */
FW_API void fw_need(fw_reader_t *in, uint8_t object, uint32_t missing)
{
  uint8_t place = 1;
  if (missing == 0 || in->status != FW_OK) return;
  for (; (missing & 1) == 0; missing >>= 1) place++;
  in->field = (uint16_t)(object | place << 8);
  fw_fail(in, FW_MISSING);
}
#endif

#if FW_TABLES
/* Goes into the message itself, which has no length before it. */
FW_API void fw_start(fw_reader_t *in, const char *table)
{
  in->table = table;
  in->depth++;
#if FW_JSON || FW_COMPACT
  if (!FW_IS_PROTOBUF(in)) fw_json_enter(in, '{');
#endif
}
#endif

/* Goes into an object, whose fields are at ${"`"}in->table${"`"}; ${"`"}fw_leave${"`"} wants what this gives. */
FW_API uint8_t *fw_enter(fw_reader_t *in)
{
  uint8_t *outer = in->end;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    size_t length = fw_length(in);
    in->end = in->at + length;
    return outer;
  }
#endif
#if FW_JSON || FW_COMPACT
  in->depth++;
  fw_json_enter(in, '{');
#endif
  return outer;
}

FW_API void fw_leave(fw_reader_t *in, uint8_t *outer)
{
  in->end = outer;
  if (in->status != FW_OK) in->at = outer;
}

/* Goes into a list whose items have this wire type; ${"`"}fw_item${"`"} wants what this gives. */
FW_API uint8_t *fw_list(fw_reader_t *in, uint8_t wire)
{
  uint8_t *outer = in->end;
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    if (wire != 2 && in->wire == 2) {
      size_t length = fw_length(in);
      in->end = in->at + length;
      in->wire = wire;
      in->fresh = 1;
    } else in->fresh = 0;
    return outer;
  }
#endif
  (void)wire;
#if FW_JSON || FW_COMPACT
  in->depth++;
  fw_json_enter(in, '[');
#endif
  return outer;
}

/* True before a further item; ${"`"}again${"`"} behind the first. */
FW_API bool fw_item(fw_reader_t *in, uint8_t *outer, uint8_t wire, bool again)
{
  if (in->status != FW_OK) {
    fw_leave(in, outer);
    return false;
  }
#if FW_PROTOBUF
  if (FW_IS_PROTOBUF(in)) {
    if (wire == 2 || in->fresh == 0) return !again;
    if (in->at != in->end) return true;
    in->end = outer;
    return false;
  }
#endif
  (void)wire;
  (void)again;
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

#if FW_TABLES
/* True once for a message that is one value, of which protobuf may have several and means the last. */
FW_API bool fw_once(fw_reader_t *in, fw_object_t *object)
{
  if (FW_IS_PROTOBUF(in)) return fw_next(in, object) != 0;
  if (*object->seen != 0) return false;
  *object->seen = 1;
  return true;
}
#endif
`
