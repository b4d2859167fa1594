/*
 * A car on Linux: the generated device on libmosquitto, or on another client library. It drives a distance that only it believes in.
 *
 * linux-car --host 127.0.0.1 --port 1883 --id car-001 [--prefix acme/staging] [--store folder] [--keepalive 30]
 *           [--spread 0]
 */

#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fw_file_store.h"
#include "iot_car_device.h"

/* The client library: libmosquitto, or another one by -DCAR_LINK='"link_coremqtt.h"'. */
#ifndef CAR_LINK
#define CAR_LINK "link_mosquitto.h"
#endif
#include CAR_LINK

/* 1024 remembered commands is what the contract declares; replies of this car are short. */
#define REMEMBERED 1024
#define REPLY 320

IOT_CAR_DEVICE_MEMORY(memory, 16384, IOT_CAR_DEVICE_READ_MAX, IOT_CAR_DEVICE_WRITE_MAX, 256, REMEMBERED, REPLY,
                      IOT_CAR_DEVICE_CONFIG_MAX);

/* What drives. */
typedef struct {
  uint16_t call;
  uint32_t until;
  bool running;
  uint8_t speed;
  uint8_t max_speed;
  uint32_t interval_ms;
  uint32_t began;
  uint32_t said;
} car_t;

static volatile sig_atomic_t leaving = 0;

static void leave(int signal)
{
  (void)signal;
  leaving = 1;
}

fw_run_t iot_car_on_drive(fw_device_t *device, uint16_t call, const iot_car_command_t *request,
                          iot_car_response_t *response)
{
  car_t *car = (car_t *)device->user;
  const bool timed = request->has_parameters && request->parameters.has_duration;
  if (request->action == IOT_CAR_COMMAND_ACTION_STOP) {
    car->running = false;
    response->message = fw_text("stopped");
    return FW_RUN_DONE;
  }
  car->speed = request->has_parameters ? request->parameters.speed : 80;
  if (car->speed > car->max_speed) car->speed = car->max_speed;
  car->running = true;
  if (!timed) {
    response->message = fw_text("driving");
    return FW_RUN_DONE;
  }
  car->call = call;
  car->until = device->now + request->parameters.duration;
  return FW_RUN_GOES_ON;
}

void iot_car_abort_drive(fw_device_t *device, uint16_t call)
{
  car_t *car = (car_t *)device->user;
  if (car->call != call) return;
  car->call = 0;
  car->running = false;
}

fw_config_t iot_car_on_config(fw_device_t *device, const iot_car_config_t *config, bool restored, const char **reason)
{
  car_t *car = (car_t *)device->user;
  (void)restored;
  (void)reason;
  car->max_speed = config->has_max_speed ? config->max_speed : 100;
  car->interval_ms = config->has_telemetry_interval_ms ? config->telemetry_interval_ms : 1000;
  return FW_CONFIG_APPLIED;
}

static void go_on(fw_device_t *device, car_t *car)
{
  if (car->call != 0 && (int32_t)(device->now - car->until) >= 0) {
    iot_car_response_t response;
    memset(&response, 0, sizeof response);
    response.message = fw_text("arrived");
    car->running = false;
    (void)iot_car_finish_drive(device, car->call, FW_RUN_DONE, &response);
    car->call = 0;
  }
}

static void report(fw_device_t *device, car_t *car)
{
  iot_car_telemetry_t telemetry;
  if (device->phase != FW_READY || device->now - car->said < car->interval_ms) return;
  car->said = device->now;
  memset(&telemetry, 0, sizeof telemetry);
  telemetry.battery = 87;
  telemetry.sensors.distance_front = 120;
  telemetry.sensors.distance_rear = 400;
  telemetry.sensors.temperature_e2 = 3150;
  telemetry.sensors.gps.latitude_e6 = 52520008;
  telemetry.sensors.gps.longitude_e6 = 13404954;
  telemetry.sensors.gps.altitude_e1 = 340;
  telemetry.status.motors =
      car->running ? IOT_CAR_TELEMETRY_STATUS_MOTORS_RUNNING : IOT_CAR_TELEMETRY_STATUS_MOTORS_IDLE;
  telemetry.status.wifi_rssi = -52;
  telemetry.status.uptime = (device->now - car->began) / 1000u;
  (void)iot_car_publish_telemetry(device, &telemetry);
}

/* The value of an option, else of the environment, else what stands here. */
static const char *option(int count, char **words, const char *name, const char *variable, const char *otherwise)
{
  const char *found = getenv(variable);
  int i;
  for (i = 1; i + 1 < count; i++)
    if (strcmp(words[i], name) == 0) return words[i + 1];
  return found != NULL && found[0] != 0 ? found : otherwise;
}

int main(int count, char **words)
{
  static fw_device_t device;
  static car_link_t link;
  static fw_file_store_t store;
  static car_t car;
  char client_id[64];
  fw_phase_t phase = FW_STOPPED;
  const char *id = option(count, words, "--id", "FLEETWIRE_ID", "car-001");
  const char *folder = option(count, words, "--store", "FLEETWIRE_STORE", "");
  const char *host = option(count, words, "--host", "FLEETWIRE_HOST", "127.0.0.1");

  device.transport = &CAR_TRANSPORT;
  device.ctx = CAR_CONTEXT(&link);
  device.memory = memory;
  device.user = &car;
  device.spread_ms = (uint32_t)atol(option(count, words, "--spread", "FLEETWIRE_SPREAD", "30000"));
  /* Cars that start in one second must not come back in step. */
  device.random = (uint32_t)time(NULL) ^ (uint32_t)getpid() << 12;
  device.unix_seconds = (uint32_t)time(NULL);
  if (folder[0] != 0) {
    store.folder = folder;
    device.store = &fw_file_store;
    device.store_ctx = &store;
    device.journal = true;
  }
  car.max_speed = 100;
  car.interval_ms = 1000;
  if (snprintf(client_id, sizeof client_id, "iot-car.device.%s", id) >= (int)sizeof client_id ||
      !car_link_open(&link, &device, client_id, host, atoi(option(count, words, "--port", "FLEETWIRE_PORT", "1883")),
                     atoi(option(count, words, "--keepalive", "FLEETWIRE_KEEPALIVE", "30"))) ||
      iot_car_device_start(&device, id, option(count, words, "--prefix", "FLEETWIRE_PREFIX", "")) != FW_OK) {
    fprintf(stderr, "linux-car: \"%s\" is no car of this contract\n", id);
    return 2;
  }
  car.began = device.transport->now_ms(device.ctx);
  signal(SIGTERM, leave);
  signal(SIGINT, leave);
  do {
    if (leaving == 1) {
      leaving = 2;
      iot_car_device_stop(&device);
    }
    iot_car_device_tick(&device);
    go_on(&device, &car);
    report(&device, &car);
    if (phase != (fw_phase_t)device.phase) {
      phase = (fw_phase_t)device.phase;
      if (phase == FW_READY) printf("state kind=ready\n");
      if (phase == FW_WAITING) printf("state kind=waiting\n");
      fflush(stdout);
    }
    car_link_poll(&link, 5);
  } while (device.phase != FW_REFUSED && (leaving == 0 || device.phase != FW_STOPPED));
  car_link_close(&link);
  if (device.phase != FW_REFUSED) return 0;
  fprintf(stderr, "linux-car: the broker refuses %s\n", client_id);
  return 1;
}
