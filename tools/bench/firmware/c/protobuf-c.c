#include "contender.h"
#include "iot_car.pb-c.h"

IotCar__V2__Telemetry readings;
IotCar__V2__Telemetry__TelemetrySensors sensors;
IotCar__V2__Telemetry__TelemetrySensorsGps gps;
IotCar__V2__Telemetry__TelemetryStatus state;
IotCar__V2__Command *command;

static void fill(void)
{
  iot_car__v2__telemetry__init(&readings);
  iot_car__v2__telemetry__telemetry_sensors__init(&sensors);
  iot_car__v2__telemetry__telemetry_sensors_gps__init(&gps);
  iot_car__v2__telemetry__telemetry_status__init(&state);
  readings.device_id = (char *)"car-001";
  readings.has_timestamp = readings.has_battery = 1;
  readings.timestamp = 1706169600u;
  readings.battery = 85;
  readings.sensors = &sensors;
  readings.status = &state;
  sensors.has_distance_front = sensors.has_distance_rear = sensors.has_temperature = 1;
  sensors.distance_front = 120;
  sensors.distance_rear = 80;
  sensors.temperature = 24.5;
  sensors.gps = &gps;
  gps.has_latitude = gps.has_longitude = gps.has_altitude = 1;
  gps.latitude = 52.520008;
  gps.longitude = 13.404954;
  gps.altitude = 34.5f;
  state.has_motors = state.has_wifi_rssi = state.has_uptime = 1;
  state.motors = 2;
  state.wifi_rssi = -45;
  state.uptime = 3600;
}

int encode(uint8_t *buffer, uint16_t size)
{
  static int filled;
  if (!filled) fill();
  filled = 1;
  if (protobuf_c_message_get_packed_size(&readings.base) > size) return -1;
  return (int)iot_car__v2__telemetry__pack(&readings, buffer);
}

int decode(uint8_t *data, uint16_t length)
{
  if (command != NULL) iot_car__v2__command__free_unpacked(command, NULL);
  command = iot_car__v2__command__unpack(NULL, length, data);
  return command != NULL ? 0 : 1;
}
