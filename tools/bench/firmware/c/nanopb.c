#include "contender.h"
#include "iot_car.pb.h"
#include "pb_decode.h"
#include "pb_encode.h"

iot_car_v2_Telemetry readings;
iot_car_v2_Command command;

#ifdef COUNT
static void fill(void)
{
  static const char id[] = "car-001";
  unsigned i;
  for (i = 0; i < sizeof id; i++) readings.device_id[i] = id[i];
  readings.has_device_id = readings.has_timestamp = readings.has_battery = readings.has_sensors = readings.has_status = true;
  readings.timestamp = 1706169600u;
  readings.battery = 85;
  readings.sensors.has_distance_front = readings.sensors.has_distance_rear = readings.sensors.has_temperature = true;
  readings.sensors.has_gps = true;
  readings.sensors.distance_front = 120;
  readings.sensors.distance_rear = 80;
  readings.sensors.temperature = 24.5;
  readings.sensors.gps.has_latitude = readings.sensors.gps.has_longitude = readings.sensors.gps.has_altitude = true;
  readings.sensors.gps.latitude = 52.520008;
  readings.sensors.gps.longitude = 13.404954;
  readings.sensors.gps.altitude = 34.5f;
  readings.status.has_motors = readings.status.has_wifi_rssi = readings.status.has_uptime = true;
  readings.status.motors = 2;
  readings.status.wifi_rssi = -45;
  readings.status.uptime = 3600;
}
#endif

int encode(uint8_t *buffer, uint16_t size)
{
  pb_ostream_t out = pb_ostream_from_buffer(buffer, size);
#ifdef COUNT
  static bool filled;
  if (!filled) fill();
  filled = true;
#endif
  return pb_encode(&out, iot_car_v2_Telemetry_fields, &readings) ? (int)out.bytes_written : -1;
}

int decode(uint8_t *data, uint16_t length)
{
  pb_istream_t in = pb_istream_from_buffer(data, length);
  return pb_decode(&in, iot_car_v2_Command_fields, &command) ? 0 : 1;
}
