#include "contender.h"
#include "iot_car_messages.h"

iot_car_telemetry_t readings;
iot_car_command_t command;

#ifdef COUNT
static void fill(void)
{
  readings.device_id = fw_text("car-001");
  readings.timestamp = 1706169600u;
  readings.battery = 85;
  readings.sensors.distance_front = 120;
  readings.sensors.distance_rear = 80;
  readings.sensors.temperature_e2 = 2450;
  readings.sensors.gps.latitude_e6 = 52520008;
  readings.sensors.gps.longitude_e6 = 13404954;
  readings.sensors.gps.altitude_e1 = 345;
  readings.status.motors = IOT_CAR_TELEMETRY_STATUS_MOTORS_RUNNING;
  readings.status.wifi_rssi = -45;
  readings.status.uptime = 3600;
}
#endif

int encode(uint8_t *buffer, uint16_t size)
{
  fw_writer_t out = fw_writer(OUR_FORMAT, buffer, size);
#ifdef COUNT
  static bool filled;
  if (!filled) fill();
  filled = true;
#endif
  if (iot_car_telemetry_encode(&out, &readings) != FW_OK) return -1;
  return (int)fw_written(&out);
}

int decode(uint8_t *data, uint16_t length)
{
  fw_reader_t in = fw_reader(OUR_FORMAT, data, length);
  return (int)iot_car_command_decode(&in, &command);
}
