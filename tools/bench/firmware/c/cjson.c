#include <string.h>
#include "cJSON.h"
#include "contender.h"
#include "values.h"

readings_t readings = {"car-001", 1706169600u, 85, 120, 80, 24.5, 52.520008, 13.404954, 34.5, "running", -45, 3600};
command_t command;

int encode(uint8_t *buffer, uint16_t size)
{
  cJSON *root = cJSON_CreateObject();
  cJSON *sensors = cJSON_AddObjectToObject(root, "sensors");
  cJSON *gps = cJSON_AddObjectToObject(sensors, "gps");
  cJSON *status = cJSON_AddObjectToObject(root, "status");
  int whole;
  cJSON_AddStringToObject(root, "device_id", readings.device_id);
  cJSON_AddNumberToObject(root, "timestamp", readings.timestamp);
  cJSON_AddNumberToObject(root, "battery", readings.battery);
  cJSON_AddNumberToObject(sensors, "distance_front", readings.distance_front);
  cJSON_AddNumberToObject(sensors, "distance_rear", readings.distance_rear);
  cJSON_AddNumberToObject(sensors, "temperature", readings.temperature);
  cJSON_AddNumberToObject(gps, "latitude", readings.latitude);
  cJSON_AddNumberToObject(gps, "longitude", readings.longitude);
  cJSON_AddNumberToObject(gps, "altitude", readings.altitude);
  cJSON_AddStringToObject(status, "motors", readings.motors);
  cJSON_AddNumberToObject(status, "wifi_rssi", readings.wifi_rssi);
  cJSON_AddNumberToObject(status, "uptime", readings.uptime);
  whole = cJSON_PrintPreallocated(root, (char *)buffer, size, 0);
  cJSON_Delete(root);
  return whole ? (int)strlen((const char *)buffer) : -1;
}

static uint8_t word_of(const cJSON *item, const char *const *words, uint8_t count)
{
  uint8_t i;
  for (i = 0; i < count && cJSON_IsString(item); i++) {
    if (strcmp(item->valuestring, words[i]) == 0) return (uint8_t)(i + 1);
  }
  return 0;
}

int decode(uint8_t *data, uint16_t length)
{
  static const char *const actions[] = {"forward", "backward", "left", "right", "stop"};
  static const char *const priorities[] = {"normal", "high"};
  cJSON *root = cJSON_ParseWithLength((const char *)data, length);
  const cJSON *id = cJSON_GetObjectItemCaseSensitive(root, "id");
  const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(root, "parameters");
  const cJSON *timestamp = cJSON_GetObjectItemCaseSensitive(root, "timestamp");
  const cJSON *duration = cJSON_GetObjectItemCaseSensitive(parameters, "duration");
  const cJSON *speed = cJSON_GetObjectItemCaseSensitive(parameters, "speed");
  const cJSON *priority = cJSON_GetObjectItemCaseSensitive(root, "priority");
  int wrong = !cJSON_IsString(id) || !cJSON_IsNumber(timestamp) || strlen(id->valuestring) >= sizeof command.id;
  command.action = word_of(cJSON_GetObjectItemCaseSensitive(root, "action"), actions, 5);
  command.priority = priority == NULL ? 1 : word_of(priority, priorities, 2);
  if (!wrong) {
    strcpy(command.id, id->valuestring);
    command.timestamp = (uint32_t)timestamp->valuedouble;
    command.duration = cJSON_IsNumber(duration) ? (uint32_t)duration->valuedouble : 0;
    command.speed = cJSON_IsNumber(speed) ? (uint8_t)speed->valuedouble : 80;
  }
  cJSON_Delete(root);
  return wrong || command.action == 0 || command.priority == 0;
}
