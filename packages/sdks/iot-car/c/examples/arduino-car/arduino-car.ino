/*
 * A car on an Arduino with an Ethernet shield and PubSubClient. Two pins drive: 5 forward, 6 backward.
 *
 * Needs the libraries Ethernet and PubSubClient 2.8. An Uno has 2 KB of RAM: the buffers here are short, so messages near
 * the contract's bounds are refused as too long. On a board with more, use the DEVICE_..._MAX sizes.
 */

#include <Ethernet.h>
#include <PubSubClient.h>
#include <iot_car_device.h>
#include <fw_pubsubclient.h>

IOT_CAR_DEVICE_MEMORY(memory, 200, 180, 160, 36, 1, 100, 40);

static EthernetClient network;
static PubSubClient client(network);
static fw_pubsubclient_t link_;
static fw_device_t device;
static uint16_t running;
static uint32_t until;

static void drive(bool forward, bool backward)
{
  digitalWrite(5, forward ? HIGH : LOW);
  digitalWrite(6, backward ? HIGH : LOW);
}

fw_run_t iot_car_on_drive(fw_device_t *car, uint16_t call, const iot_car_command_t *request, iot_car_response_t *response)
{
  drive(request->action == IOT_CAR_COMMAND_ACTION_FORWARD, request->action == IOT_CAR_COMMAND_ACTION_BACKWARD);
  response->message = fw_text("driving");
  if (request->action == IOT_CAR_COMMAND_ACTION_STOP || !request->has_parameters || !request->parameters.has_duration)
    return FW_RUN_DONE;
  running = call;
  until = car->now + request->parameters.duration;
  return FW_RUN_GOES_ON;
}

void iot_car_abort_drive(fw_device_t *, uint16_t)
{
  running = 0;
  drive(false, false);
}

fw_config_t iot_car_on_config(fw_device_t *, const iot_car_config_t *, bool, const char **)
{
  return FW_CONFIG_APPLIED;
}

void setup()
{
  static byte address[] = {0x02, 0x00, 0x00, 0x00, 0x00, 0x01};
  pinMode(5, OUTPUT);
  pinMode(6, OUTPUT);
  Ethernet.begin(address);
  client.setServer(IPAddress(192, 168, 1, 10), 1883);
  client.setBufferSize(256);
  device.transport = &fw_pubsubclient_transport;
  device.ctx = &link_;
  device.memory = memory;
  device.spread_ms = 30000;
  device.random = (uint32_t)analogRead(0) + 1u;
  fw_pubsubclient_open(&link_, &device, &client, "iot-car.device.car-001", false);
  iot_car_device_start(&device, "car-001", NULL);
}

void loop()
{
  fw_pubsubclient_poll(&link_);
  iot_car_device_tick(&device);
  if (running != 0 && (int32_t)(device.now - until) >= 0) {
    iot_car_response_t response = iot_car_response_t();
    response.message = fw_text("arrived");
    drive(false, false);
    iot_car_finish_drive(&device, running, FW_RUN_DONE, &response);
    running = 0;
  }
}
