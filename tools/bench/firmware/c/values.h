#ifndef VALUES_H
#define VALUES_H
#include <stdint.h>
/** What the contenders that have no structs of their own write and read. */
typedef struct {
  const char *device_id;
  uint32_t timestamp;
  uint8_t battery;
  uint16_t distance_front;
  uint16_t distance_rear;
  double temperature;
  double latitude;
  double longitude;
  double altitude;
  const char *motors;
  int8_t wifi_rssi;
  uint32_t uptime;
} readings_t;
typedef struct {
  char id[161];
  uint32_t timestamp;
  uint8_t action;
  uint32_t duration;
  uint8_t speed;
  uint8_t priority;
} command_t;
#endif
