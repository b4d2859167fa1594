/* Six messages (the log besides) with their topics and the dispatch of what arrives. */
#include "contender.h"
#include "iot_car_messages.h"
#include "iot_car_topics.h"

iot_car_telemetry_t readings;
iot_car_status_t presence;
iot_car_response_t response;
iot_car_log_t line;
iot_car_command_t command;
iot_car_config_t config;
iot_car_params_t params;
iot_car_leg_t leg;
char topic[64];

int encode(uint8_t *buffer, uint16_t size)
{
  fw_writer_t out = fw_writer(OUR_FORMAT, buffer, size);
  fw_status_t status;
  if (leg == IOT_CAR_LEG_TELEMETRY) status = iot_car_telemetry_encode(&out, &readings);
  else if (leg == IOT_CAR_LEG_STATUS) status = iot_car_status_encode(&out, &presence);
  else if (leg == IOT_CAR_LEG_LOG) status = iot_car_log_encode(&out, &line);
  else status = iot_car_response_encode(&out, &response);
  if (status == FW_OK) status = iot_car_topic(leg, NULL, &params, topic, sizeof topic);
  return status == FW_OK ? (int)fw_written(&out) : -1;
}

int decode(uint8_t *data, uint16_t length)
{
  fw_reader_t in = fw_reader(OUR_FORMAT, data, length);
  switch (iot_car_route(NULL, topic, sizeof topic, &params)) {
    case IOT_CAR_LEG_DRIVE_REQUEST:
    case IOT_CAR_LEG_BROADCAST_REQUEST:
      return (int)iot_car_command_decode(&in, &command);
    case IOT_CAR_LEG_CONFIG_DESIRED:
    case IOT_CAR_LEG_CONFIG_FLEET:
      return (int)iot_car_config_decode(&in, &config);
    default:
      return -1;
  }
}
