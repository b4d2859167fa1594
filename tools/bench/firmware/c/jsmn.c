/* jsmn to read, snprintf to write, with the glue that an application needs besides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "contender.h"
#include "jsmn.h"
#include "values.h"

readings_t readings = {"car-001", 1706169600u, 85, 120, 80, 24.5, 52.520008, 13.404954, 34.5, "running", -45, 3600};
command_t command;

int encode(uint8_t *buffer, uint16_t size)
{
  int length = snprintf(
      (char *)buffer, size,
      "{\"device_id\":\"%s\",\"timestamp\":%lu,\"battery\":%u,\"sensors\":{\"distance_front\":%u,\"distance_rear\":%u,"
      "\"temperature\":%.2f,\"gps\":{\"latitude\":%.6f,\"longitude\":%.6f,\"altitude\":%.1f}},"
      "\"status\":{\"motors\":\"%s\",\"wifi_rssi\":%d,\"uptime\":%lu}}",
      readings.device_id, (unsigned long)readings.timestamp, readings.battery, readings.distance_front,
      readings.distance_rear, readings.temperature, readings.latitude, readings.longitude, readings.altitude,
      readings.motors, readings.wifi_rssi, (unsigned long)readings.uptime);
  return length < (int)size ? length : -1;
}

static int is(const char *text, const jsmntok_t *token, const char *word)
{
  size_t length = (size_t)(token->end - token->start);
  return strlen(word) == length && memcmp(text + token->start, word, length) == 0;
}

static uint8_t word_of(const char *text, const jsmntok_t *token, const char *const *words, uint8_t count)
{
  uint8_t i;
  for (i = 0; i < count; i++) {
    if (is(text, token, words[i])) return (uint8_t)(i + 1);
  }
  return 0;
}

int decode(uint8_t *data, uint16_t length)
{
  static const char *const actions[] = {"forward", "backward", "left", "right", "stop"};
  static const char *const priorities[] = {"normal", "high"};
  jsmn_parser parser;
  jsmntok_t tokens[24];
  const char *text = (const char *)data;
  int count;
  int i;
  jsmn_init(&parser);
  count = jsmn_parse(&parser, text, length, tokens, 24);
  if (count < 1 || tokens[0].type != JSMN_OBJECT) return 1;
  command.speed = 80;
  command.priority = 1;
  for (i = 1; i + 1 < count; i += 2) {
    const jsmntok_t *value = &tokens[i + 1];
    if (is(text, &tokens[i], "id")) {
      size_t octets = (size_t)(value->end - value->start);
      if (octets >= sizeof command.id) return 1;
      memcpy(command.id, text + value->start, octets);
      command.id[octets] = '\0';
    } else if (is(text, &tokens[i], "timestamp")) command.timestamp = (uint32_t)strtoul(text + value->start, NULL, 10);
    else if (is(text, &tokens[i], "action")) command.action = word_of(text, value, actions, 5);
    else if (is(text, &tokens[i], "priority")) command.priority = word_of(text, value, priorities, 2);
    else if (is(text, &tokens[i], "duration")) command.duration = (uint32_t)strtoul(text + value->start, NULL, 10);
    else if (is(text, &tokens[i], "speed")) command.speed = (uint8_t)strtoul(text + value->start, NULL, 10);
    /* The members of `parameters` follow directly. */
  }
  return command.action == 0 || command.priority == 0 || command.id[0] == '\0';
}
