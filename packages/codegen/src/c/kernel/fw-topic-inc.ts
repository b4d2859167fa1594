/** The kernel's `fw_topic.inc`. */
export const FW_TOPIC_INC = String.raw`/* Templates are C strings in the flash; an octet below 0x20 stands for a level: the param of that number, from 1. */

static bool fw_topic_put(char *buffer, size_t size, size_t *length, const char *data, size_t count)
{
  if (size - *length <= count) return false;
  for (; count != 0; count--) buffer[(*length)++] = *data++;
  return true;
}

FW_API fw_status_t fw_topic_format(const char *at, const char *prefix, const fw_text_t *params, char *buffer, size_t size)
{
  size_t length = 0;
  fw_text_t part = fw_text(prefix);
  uint8_t c;
  if (size == 0) return FW_SPACE;
  buffer[0] = '\0';
  if (part.length != 0 && (!fw_topic_put(buffer, size, &length, part.data, part.length) || !fw_topic_put(buffer, size, &length, "/", 1)))
    return FW_SPACE;
  for (; (c = FW_BYTE(at)) != 0; at++) {
    char literal = (char)c;
    part.data = &literal;
    part.length = 1;
    if (c < 0x20) part = params[c - 1];
    if (part.length == 0) return FW_TOPIC;
    if (!fw_topic_put(buffer, size, &length, part.data, part.length)) return FW_SPACE;
  }
  buffer[length] = '\0';
  return FW_OK;
}

FW_API bool fw_topic_match(const char *at, const char *prefix, const char *topic, size_t length, fw_text_t *params)
{
  const char *end = topic + length;
  uint8_t c;
  if (prefix != NULL && *prefix != '\0') {
    for (; *prefix != '\0'; prefix++, topic++) {
      if (topic == end || *topic != *prefix) return false;
    }
    if (topic == end || *topic++ != '/') return false;
  }
  for (; (c = FW_BYTE(at)) != 0; at++) {
    if (c >= 0x20) {
      if (topic == end || (uint8_t)*topic++ != c) return false;
      continue;
    }
    params[c - 1].data = topic;
    while (topic != end && *topic != '/') topic++;
    params[c - 1].length = (size_t)(topic - params[c - 1].data);
  }
  return topic == end;
}

FW_API bool fw_topic_param(const fw_text_t *param, uint16_t max)
{
  uint32_t points = fw_utf8((const uint8_t *)param->data, param->length);
  size_t i;
  if (points == 0 || points > max) return false;
  for (i = 0; i < param->length; i++) {
    uint8_t c = (uint8_t)param->data[i];
    uint8_t next = i + 1 < param->length ? (uint8_t)param->data[i + 1] : 0;
    if (c < 0x20 || c == '/' || c == '+' || c == '#' || c == '{' || c == '}' || c == 0x7f) return false;
    if (c == 0xc2 && next < 0xa0) return false;
    /* Non-characters: U+FDD0 to U+FDEF, and the last two of each plane. */
    if (c == 0xef && next == 0xb7 && (uint8_t)param->data[i + 2] >= 0x90 && (uint8_t)param->data[i + 2] <= 0xaf) return false;
    if (c == 0xef && next == 0xbf && (uint8_t)param->data[i + 2] >= 0xbe) return false;
    if (c >= 0xf0 && (next & 0x0f) == 0x0f && (uint8_t)param->data[i + 2] == 0xbf && (uint8_t)param->data[i + 3] >= 0xbe)
      return false;
  }
  return true;
}
`
