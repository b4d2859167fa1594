/** The kernel's `fw_topic.inc`. */
export const FW_TOPIC_INC = String.raw`/*
 * Templates are C strings in the flash, one behind the other: what all topics begin with behind a prefix, which is "/" and
 * more, then how each goes on. An octet below 0x20 stands for a level: the param of that number, from 1.
 */

/* Copies a text; NULL where it does not end before "end". */
FW_APART static char *fw_topic_put(char *to, const char *end, const char *from, size_t length)
{
  if ((size_t)(end - to) <= length) return NULL;
  for (; length != 0; length--) *to++ = *from++;
  return to;
}

FW_API fw_status_t fw_topic_format(const char *at, uint8_t leg, const char *prefix, const fw_text_t *params, char *buffer,
                                   size_t size)
{
  const char *end = buffer + size;
  const fw_text_t text = fw_text(prefix);
  char *to = fw_topic_put(buffer, end, text.data, text.length);
  if (text.length == 0) at++;
  while (to != NULL) {
    const uint8_t octet = FW_BYTE(at++);
    if (octet == 0) {
      *to = '\0';
      if (leg == 0) return FW_OK;
      /* Behind what all begin with, past the others. */
      while (--leg != 0) {
        while (FW_BYTE(at++) != 0) {
        }
      }
    } else if (octet < 0x20) {
      const fw_text_t *param = &params[octet - 1];
      if (!fw_is_param(octet, param)) return FW_TOPIC;
      to = fw_topic_put(to, end, param->data, param->length);
    } else {
      *to++ = (char)octet;
      if (to == end) break;
    }
  }
  return FW_SPACE;
}

FW_API uint8_t fw_topic_match(const char *at, const char *prefix, const char *topic, size_t length, fw_text_t *params)
{
  const char *end = topic + length;
  const char *rest = NULL;
  uint8_t leg = 0;
  if (prefix == NULL || *prefix == '\0') at++;
  else {
    for (; *prefix != '\0'; prefix++, topic++) {
      if (topic == end || *topic != *prefix) return 0;
    }
  }
  for (;;) {
    uint8_t octet = FW_BYTE(at++);
    if (octet == 0) {
      /* Behind what all begin with, or behind one template. */
      if (leg == 0) rest = topic;
      else if (topic == end) return leg;
      if (rest == NULL || FW_BYTE(at) == 0) return 0;
      leg++;
      topic = rest;
    } else if (topic != NULL) {
      /* NULL: it is none of this template. */
      if (octet < 0x20) {
        fw_text_t *param = &params[octet - 1];
        param->data = topic;
        while (topic != end && *topic != '/') topic++;
        param->length = (size_t)(topic - param->data);
        if (!fw_is_param(octet, param)) topic = NULL;
      } else if (topic == end || (uint8_t)*topic++ != octet) topic = NULL;
    }
  }
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
