#ifndef LINK_MOSQUITTO_H
#define LINK_MOSQUITTO_H

/* The car's way to the broker by libmosquitto. */

#include "fw_mosquitto.h"

typedef fw_mosquitto_t car_link_t;

#define CAR_TRANSPORT fw_mosquitto_transport
#define CAR_CONTEXT(link) (link)

static bool car_link_open(car_link_t *link, fw_device_t *device, const char *client_id, const char *host, int port,
                          int keep_alive)
{
  return fw_mosquitto_open(link, device, client_id, host, port, keep_alive, false);
}

static void car_link_poll(car_link_t *link, int wait_ms)
{
  fw_mosquitto_poll(link, wait_ms);
}

static void car_link_close(car_link_t *link)
{
  fw_mosquitto_close(link);
}

#endif
