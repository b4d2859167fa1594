/** The kernel's `fw_path.inc`. */
export const FW_PATH_INC = String.raw`#if FW_TABLES
/* The name of an entry in a message's table, or its number where builds have no names. */
static size_t fw_put_name(const char *entry, char *buffer, size_t size)
{
  size_t length = 0;
  entry += 2;
#if FW_PROTOBUF
  {
    const char *tag = entry;
    while ((FW_BYTE(entry++) & 0x80) != 0) {
    }
#if !(FW_JSON || FW_COMPACT)
    {
      uint16_t number = (uint16_t)((FW_BYTE(tag) & 0x7f) >> 3);
      uint16_t unit = 1;
      if ((FW_BYTE(tag) & 0x80) != 0) number = (uint16_t)(number | FW_BYTE(tag + 1) << 4);
      while (number / unit > 9) unit = (uint16_t)(unit * 10);
      for (; unit != 0; unit = (uint16_t)(unit / 10)) {
        if (length + 1 < size) buffer[length++] = (char)('0' + number / unit % 10);
      }
    }
#else
    (void)tag;
#endif
  }
#endif
#if FW_JSON || FW_COMPACT
  {
    uint8_t left = FW_BYTE(entry++);
    for (; left != 0 && length + 1 < size; left--) buffer[length++] = (char)FW_BYTE(entry++);
  }
#endif
  return length;
}

/* The entry behind one and all that lies inside it. */
static const char *fw_behind(const char *entry)
{
  uint8_t inside = FW_BYTE(entry + 1);
  entry = fw_after(entry);
  for (; inside != 0; inside--) entry = fw_after(entry);
  return entry;
}

FW_API size_t fw_path(const char *table, uint16_t field, char *buffer, size_t size)
{
  size_t length = 0;
  uint8_t id = (uint8_t)field;
  uint8_t place = (uint8_t)(field >> 8);
  if (size == 0) return 0;
  for (;;) {
    if (id == 0) {
      /* Inside the object that has been found: its field of this place. */
      if (place == 0) break;
      for (; place > 1; place--) table = fw_behind(table);
    } else if (FW_BYTE(table) != id) {
      /* The field lies inside this one, or comes behind it. */
      const char *next = fw_behind(table);
      if (next == fw_after(table) || (FW_BYTE(next) != 0 && FW_BYTE(next) <= id)) {
        if (FW_BYTE(next) == 0) break;
        table = next;
        continue;
      }
    }
    if (length != 0 && length + 1 < size) buffer[length++] = '.';
    length += fw_put_name(table, buffer + length, size - length);
    if (id == 0) break;
    if (FW_BYTE(table) == id) id = 0;
    table = fw_after(table);
  }
  buffer[length] = '\0';
  return length;
}
#endif
`
