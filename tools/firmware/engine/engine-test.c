/*
 * The device's engine on a scripted transport: a clock, a broker and a store that do what each test says. Prints one line
 * for each test that passed; ends with 1 at the first expectation that is not met. With FW_MANUAL_ACK every message carries a
 * token, and the tests of acknowledgements come on top; it is one file, since all of them read this one script.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iot_car.h"

#define EXPECT(condition) \
  do { \
    if (!(condition)) { \
      printf("FAILED %s:%d %s\n", test, __LINE__, #condition); \
      exit(1); \
    } \
  } while (0)

#define SENT 64

static const char *test = "";

/* What the transport was asked to do, and what the application saw. */
static struct {
  uint32_t now;
  bool in_callback;
  bool answers;
  bool takes;
  uint16_t pending[SENT];
  int pendings;
  int connects;
  int disconnects;
  int subscribes;
  char will[256];
  int sent;
  struct {
    char topic[64];
    char payload[1400];
    uint8_t qos;
    bool retain;
    uint16_t token;
  } message[SENT];
  int begun;
  int safe;
  int aborted;
  uint16_t call;
  bool goes_on;
  char words[128];
  uint8_t max_speed;
  uint32_t interval;
  int configured;
  fw_config_t verdict;
  /* The store is full, but for so many saves. */
  bool full;
  int saves;
  /* What the broker sent on this connection, and how much of it was acknowledged: in this order, each once, none else. */
  int given;
  int acked;
  uint16_t tokens[SENT];
  bool no_acks;
  int acked_at_save;
  int acked_at_disconnect;
} seen;

static struct {
  uint16_t key;
  size_t length;
  uint8_t data[700];
} kept[24];

static fw_device_t device;

static fw_status_t on_connect(void *ctx, const fw_will_t *will)
{
  (void)ctx;
  EXPECT(!seen.in_callback && will->length < sizeof seen.will && will->retain && will->qos == 1);
  memcpy(seen.will, will->payload, will->length);
  seen.will[will->length] = 0;
  seen.connects++;
  seen.given = 0;
  seen.acked = 0;
  return FW_OK;
}

static void on_disconnect(void *ctx)
{
  (void)ctx;
  seen.disconnects++;
  seen.acked_at_disconnect = seen.acked;
}

#if FW_MANUAL_ACK
static fw_status_t on_ack(void *ctx, uint16_t token)
{
  (void)ctx;
  EXPECT(!seen.in_callback && seen.acked < seen.given && seen.tokens[seen.acked] == token);
  if (seen.no_acks) return FW_OFFLINE;
  seen.acked++;
  return FW_OK;
}
#endif

static fw_status_t on_publish(void *ctx, const char *topic, const uint8_t *payload, size_t length, uint8_t qos, bool retain,
                              uint16_t token)
{
  (void)ctx;
  EXPECT(!seen.in_callback);
  if (!seen.takes) return FW_OFFLINE;
  EXPECT(seen.sent < SENT && strlen(topic) < 64 && length < sizeof seen.message[0].payload);
  strcpy(seen.message[seen.sent].topic, topic);
  memcpy(seen.message[seen.sent].payload, payload, length);
  seen.message[seen.sent].payload[length] = 0;
  seen.message[seen.sent].qos = qos;
  seen.message[seen.sent].retain = retain;
  seen.message[seen.sent].token = token;
  seen.sent++;
  if (seen.answers) seen.pending[seen.pendings++] = token;
  return FW_OK;
}

static fw_status_t on_subscribe(void *ctx, const char *filter, uint8_t qos, uint16_t token)
{
  (void)ctx;
  EXPECT(!seen.in_callback && qos <= 1 && filter[0] != 0);
  seen.subscribes++;
  if (token == FW_TOKEN_PROOF) seen.pending[seen.pendings++] = token;
  else fw_on_published(&device, token);
  return FW_OK;
}

static uint32_t on_now(void *ctx)
{
  (void)ctx;
  return seen.now;
}

static const fw_transport_t transport = {on_connect, on_disconnect, on_publish, on_subscribe, on_now,
                                         FW_CAN_PUBLISH_DONE | FW_CAN_PUBLISH_QOS | FW_CAN_SUBSCRIBE_DONE,
#if FW_MANUAL_ACK
                                         on_ack
#endif
};

static fw_status_t on_save(void *ctx, uint16_t key, const uint8_t *data, size_t length)
{
  int i;
  (void)ctx;
  for (i = 0; i < 24 && kept[i].length > 0 && kept[i].key != key; i++) {
  }
  EXPECT(i < 24 && length <= sizeof kept[i].data);
  if (seen.full && seen.saves-- <= 0) return FW_STORE;
  kept[i].key = key;
  kept[i].length = length;
  memcpy(kept[i].data, data, length);
  seen.acked_at_save = seen.acked;
  return FW_OK;
}

static size_t on_load(void *ctx, uint16_t key, uint8_t *buffer, size_t size)
{
  int i;
  (void)ctx;
  for (i = 0; i < 24; i++) {
    if (kept[i].length == 0 || kept[i].key != key || kept[i].length > size) continue;
    memcpy(buffer, kept[i].data, kept[i].length);
    return kept[i].length;
  }
  return 0;
}

static const fw_store_t store = {on_save, on_load};

fw_run_t iot_car_on_drive(fw_device_t *car, uint16_t call, const iot_car_command_t *request, iot_car_response_t *response)
{
  (void)car;
  if (call == 0) {
    EXPECT(request->action == IOT_CAR_COMMAND_ACTION_STOP);
    seen.safe++;
    return FW_RUN_DONE;
  }
  seen.begun++;
  response->message = fw_text(seen.words);
  if (request->action == IOT_CAR_COMMAND_ACTION_STOP || !seen.goes_on) return FW_RUN_DONE;
  seen.call = call;
  return FW_RUN_GOES_ON;
}

void iot_car_abort_drive(fw_device_t *car, uint16_t call)
{
  (void)car;
  EXPECT(call != 0);
  seen.aborted++;
}

fw_config_t iot_car_on_config(fw_device_t *car, const iot_car_config_t *config, bool restored, const char **reason)
{
  (void)car;
  (void)restored;
  (void)reason;
  seen.configured++;
  seen.max_speed = config->has_max_speed ? config->max_speed : 255;
  seen.interval = config->has_telemetry_interval_ms ? config->telemetry_interval_ms : 0;
  return seen.verdict;
}

/* Memory of exact sizes on the heap, so that the sanitizer sees every octet too many. */
static struct {
  size_t inbox, read, write, topic, config;
  uint16_t count, reply;
} sizes;

static void make(void)
{
  fw_memory_t memory;
  memory.inbox = (uint8_t *)malloc(sizes.inbox);
  memory.inbox_size = sizes.inbox;
  memory.read = (uint8_t *)malloc(sizes.read);
  memory.read_size = sizes.read;
  memory.write = (uint8_t *)malloc(sizes.write);
  memory.write_size = sizes.write;
  memory.topic = (char *)malloc(sizes.topic);
  memory.topic_size = sizes.topic;
  memory.count = sizes.count;
  memory.reply_size = sizes.reply;
  memory.remembered = (fw_remembered_t *)calloc(sizes.count, sizeof(fw_remembered_t));
  memory.texts = (uint8_t *)calloc(sizes.count, IOT_CAR_DEVICE_ID_MAX + sizes.reply);
  memory.config = (uint8_t *)malloc(2 * sizes.config);
  memory.config_size = (uint16_t)sizes.config;
  memset(&device, 0, sizeof device);
  device.transport = &transport;
  device.memory = memory;
}

static void drop(void)
{
  free(device.memory.inbox);
  free(device.memory.read);
  free(device.memory.write);
  free(device.memory.topic);
  free(device.memory.remembered);
  free(device.memory.texts);
  free(device.memory.config);
}

static void reset(const char *name)
{
  memset(&seen, 0, sizeof seen);
  memset(kept, 0, sizeof kept);
  test = name;
  seen.now = 4294967000u; /* The clock goes over its end. */
  seen.takes = true;
  seen.answers = true;
  strcpy(seen.words, "done");
  sizes.inbox = 4096;
  sizes.read = IOT_CAR_DEVICE_READ_MAX;
  sizes.write = IOT_CAR_DEVICE_WRITE_MAX;
  sizes.topic = 64;
  sizes.config = IOT_CAR_DEVICE_CONFIG_MAX;
  sizes.count = 8;
  sizes.reply = 400;
}

/* Leaves 0xa5 where the next call has its variables, so that one that was never set is no 0 by luck. */
static void dirty_stack(void)
{
  volatile uint8_t octets[8192];
  size_t i;
  for (i = 0; i < sizeof octets; i++) octets[i] = 0xa5;
}

static void tick(uint32_t ms)
{
  int i;
  seen.in_callback = true;
  for (i = 0; i < seen.pendings; i++) fw_on_published(&device, seen.pending[i]);
  seen.pendings = 0;
  seen.in_callback = false;
  seen.now += ms;
  dirty_stack();
  iot_car_device_tick(&device);
}

static void hear(const char *topic, const char *payload, size_t length, bool retained)
{
  seen.in_callback = true;
#if FW_MANUAL_ACK
  /* As packet identifiers are: from 1 on in each connection. */
  EXPECT(seen.given < SENT);
  seen.tokens[seen.given] = (uint16_t)(seen.given + 1);
  seen.given++;
  fw_on_held_message(&device, topic, strlen(topic), (const uint8_t *)payload, length, 0, length, retained,
                     (uint16_t)seen.given);
#else
  fw_on_message(&device, topic, strlen(topic), (const uint8_t *)payload, length, 0, length, retained);
#endif
  seen.in_callback = false;
}

static void say(const char *payload)
{
  hear("iot-car/car-001/command", payload, strlen(payload), false);
}

static void connect_device(void)
{
  EXPECT(iot_car_device_start(&device, "car-001", "") == FW_OK);
  tick(0);
  EXPECT(seen.connects == 1);
  fw_on_connack(&device, false);
  tick(1);
  tick(1);
  EXPECT(device.phase == FW_READY);
  tick(300); /* Nothing stored came: settled. */
  seen.sent = 0;
}

static void begin(const char *name)
{
  reset(name);
  make();
  connect_device();
}

static void end(void)
{
  drop();
  printf("ok %s\n", test);
}

static int replies(const char *part)
{
  int i, sum = 0;
  for (i = 0; i < seen.sent; i++)
    if (strcmp(seen.message[i].topic, "iot-car/car-001/response") == 0 && strstr(seen.message[i].payload, part) != NULL) sum++;
  return sum;
}

#define FORWARD(id) "{\"id\":\"" id "\",\"timestamp\":1,\"action\":\"forward\"}"
#define STOP(id) "{\"id\":\"" id "\",\"timestamp\":1,\"action\":\"stop\"}"

static void birth(void)
{
  reset("will, subscriptions, birth, in this order");
  make();
  seen.answers = false;
  EXPECT(iot_car_device_start(&device, "car-001", "") == FW_OK);
  tick(0);
  EXPECT(strstr(seen.will, "\"offline\"") != NULL && seen.sent == 0 && seen.subscribes == 0);
  fw_on_connack(&device, false);
  EXPECT(seen.subscribes == 0);
  tick(1);
  EXPECT(seen.subscribes == 5 && seen.sent == 1);
  EXPECT(strcmp(seen.message[0].topic, "iot-car/car-001/status") == 0 && seen.message[0].retain && seen.message[0].qos == 1);
  EXPECT(device.phase == FW_GREETING);
  tick(1);
  EXPECT(device.phase == FW_GREETING);
  fw_on_published(&device, seen.message[0].token);
  tick(1);
  EXPECT(device.phase == FW_READY);
  iot_car_device_stop(&device);
  EXPECT(seen.sent == 2 && strstr(seen.message[1].payload, "\"offline\"") != NULL && seen.disconnects == 0);
  fw_on_published(&device, seen.message[1].token);
  tick(1);
  EXPECT(seen.disconnects == 1 && device.phase == FW_STOPPED);
  end();
}

static void fragments(void)
{
  static const char request[] = FORWARD("f");
  const size_t length = sizeof request - 1;
  size_t split, second;
  for (split = 1; split <= length; split++) {
    for (second = split; second <= length; second += 7) {
      begin("a command in fragments, split everywhere");
      seen.in_callback = true;
      fw_on_message(&device, "iot-car/car-001/command", 23, (const uint8_t *)request, split, 0, length, false);
      seen.in_callback = false;
      tick(1); /* Between fragments the engine works, and moves what it has. */
      EXPECT(seen.begun == (split == length ? 1 : 0));
      if (split < length) {
        fw_on_message(&device, "", 0, (const uint8_t *)request + split, second - split, split, length, false);
        tick(1);
        fw_on_message(&device, "", 0, (const uint8_t *)request + second, length - second, second, length, false);
      }
      tick(1);
      EXPECT(seen.begun == 1 && replies("\"success\"") == 1 && seen.safe == 0);
      drop();
    }
  }
  begin("a fragment that is missing makes the message none");
  fw_on_message(&device, "iot-car/car-001/command", 23, (const uint8_t *)request, 10, 0, length, false);
  fw_on_message(&device, "", 0, (const uint8_t *)request + 20, length - 20, 20, length, false);
  tick(1);
  say(FORWARD("g"));
  tick(1);
  EXPECT(seen.begun == 1 && device.counters.dropped == 1);
  end();
}

static void broken(void)
{
  static const char request[] = "{\"id\":\"x\",\"timestamp\":1,\"action\":\"left\",\"parameters\":{\"duration\":5,\"speed\":10}}";
  const size_t length = sizeof request - 1;
  size_t at;
  char changed[sizeof request];
  for (at = 0; at < length; at++) {
    begin("truncated at every octet: never run, the safe action runs");
    hear("iot-car/car-001/command", request, at, false);
    tick(1);
    EXPECT(seen.begun == 0 && seen.safe == 1 && device.counters.invalid == 1 && replies("\"success\"") == 0);
    drop();
  }
  for (at = 0; at < length; at++) {
    begin("every octet changed: run once or the safe action");
    memcpy(changed, request, sizeof request);
    changed[at] = (char)(changed[at] ^ 0x15);
    hear("iot-car/car-001/command", changed, length, false);
    tick(1);
    EXPECT(seen.begun + seen.safe == 1);
    drop();
  }
  begin("an invalid request with an id is answered with the field");
  seen.goes_on = true;
  say(FORWARD("before"));
  tick(1);
  say("{\"action\":\"left\",\"timestamp\":1,\"parameters\":{\"speed\":101},\"id\":\"bad\"}");
  tick(1);
  EXPECT(seen.safe == 1 && seen.aborted == 1 && replies("[preempted]") == 1);
  EXPECT(replies("[invalid_payload] parameters.speed") == 1 && replies("\"bad\"") == 1);
  end();
}

static void too_long(void)
{
  static char payload[IOT_CAR_DRIVE_REQUEST_MAX + 2];
  memset(payload, ' ', sizeof payload);
  memcpy(payload, FORWARD("long"), sizeof FORWARD("long") - 1);
  begin("at the bound it runs, one octet above the safe action runs");
  hear("iot-car/car-001/command", payload, IOT_CAR_DRIVE_REQUEST_MAX, false);
  tick(1);
  EXPECT(seen.begun == 1 && seen.safe == 0);
  hear("iot-car/car-001/command", payload, IOT_CAR_DRIVE_REQUEST_MAX + 1, false);
  tick(1);
  EXPECT(seen.begun == 1 && seen.safe == 1);
  end();
}

static void small(void)
{
  size_t need = sizeof(fw_record_t) + 23 + sizeof FORWARD("s") - 1;
  reset("an inbox that is one octet too small: the safe action runs");
  sizes.inbox = need - 1;
  make();
  connect_device();
  say(FORWARD("s"));
  tick(1);
  EXPECT(seen.begun == 0 && seen.safe == 1);
  end();
  reset("an inbox that is exactly large enough");
  sizes.inbox = need;
  make();
  connect_device();
  say(FORWARD("s"));
  tick(1);
  EXPECT(seen.begun == 1 && seen.safe == 0);
  end();
  reset("a reply one octet longer than its place: the caller hears that it failed");
  make();
  connect_device();
  say(FORWARD("s"));
  tick(1);
  need = strlen(seen.message[0].payload);
  drop();
  reset("a reply one octet longer than its place: the caller hears that it failed");
  memset(seen.words, 'w', 100);
  sizes.reply = (uint16_t)(need + 96 - 1);
  make();
  connect_device();
  say(FORWARD("s"));
  tick(1);
  EXPECT(seen.begun == 1 && replies("[command_failed]") == 1);
  drop();
  reset("a reply that just fits");
  memset(seen.words, 'w', 100);
  sizes.reply = (uint16_t)(need + 96);
  make();
  connect_device();
  say(FORWARD("s"));
  tick(1);
  EXPECT(seen.begun == 1 && replies("\"success\"") == 1);
  end();
  reset("buffers for topics and writing that are too small are told at the start");
  sizes.topic = 20;
  make();
  EXPECT(iot_car_device_start(&device, "car-001", "") == FW_SPACE);
  drop();
  sizes.topic = 64;
  sizes.write = 10;
  make();
  EXPECT(iot_car_device_start(&device, "car-001", "") == FW_SPACE);
  drop();
  sizes.write = IOT_CAR_DEVICE_WRITE_MAX;
  make();
  EXPECT(iot_car_device_start(&device, "car/001", "") == FW_TOPIC && iot_car_device_start(&device, "fleet", "") == FW_TOPIC);
  end();
}

static void duplicates(void)
{
  char first[512];
  begin("a duplicate is not run: none during the run, the same octets afterwards, conflict for others");
  seen.goes_on = true;
  say(FORWARD("d"));
  tick(1);
  say(FORWARD("d"));
  tick(1);
  EXPECT(seen.begun == 1 && replies("") == 0);
  {
    iot_car_response_t response;
    memset(&response, 0, sizeof response);
    EXPECT(iot_car_finish_drive(&device, seen.call, FW_RUN_DONE, &response) == FW_OK);
    EXPECT(iot_car_finish_drive(&device, seen.call, FW_RUN_DONE, &response) == FW_UNKNOWN);
  }
  tick(5);
  EXPECT(replies("\"success\"") == 1);
  strcpy(first, seen.message[seen.sent - 1].payload);
  say(FORWARD("d"));
  tick(5000);
  EXPECT(replies("\"success\"") == 2 && strcmp(first, seen.message[seen.sent - 1].payload) == 0 && seen.begun == 1);
  say("{\"id\":\"d\",\"timestamp\":2,\"action\":\"forward\"}");
  tick(1);
  EXPECT(replies("[conflict]") == 1 && seen.begun == 1 && device.counters.duplicate == 3);
  hear("iot-car/car-001/command", FORWARD("r"), sizeof FORWARD("r") - 1, true);
  tick(1);
  EXPECT(seen.begun == 1 && device.counters.invalid == 1);
  end();
}

static void overload(void)
{
  begin("four wait, the fifth hears busy, a stop never does");
  seen.goes_on = true;
  say(FORWARD("0"));
  say(FORWARD("1"));
  say(FORWARD("2"));
  say(FORWARD("3"));
  say(FORWARD("4"));
  say(FORWARD("5"));
  tick(1);
  EXPECT(seen.begun == 1 && replies("[busy retry_after_ms=100]") == 1 && device.counters.busy == 1);
  say(STOP("stop"));
  tick(1);
  EXPECT(seen.begun == 2 && seen.aborted == 1 && replies("[preempted]") == 5 && replies("\"success\"") == 1);
  end();
  reset("a table full of ids that may not be forgotten: busy, but a stop runs");
  sizes.count = 2;
  make();
  connect_device();
  seen.answers = false;
  say(FORWARD("0"));
  say(FORWARD("1"));
  say(FORWARD("2"));
  tick(1);
  EXPECT(seen.begun == 2 && replies("[busy") == 1);
  say(STOP("stop"));
  tick(1);
  EXPECT(seen.begun == 2 && seen.safe == 1 && replies("\"stop\"") == 1);
  end();
  reset("an id is forgotten after its time, once the broker has answered something");
  sizes.count = 1;
  make();
  connect_device();
  say(FORWARD("0"));
  tick(1);
  EXPECT(seen.begun == 1);
  tick(60000);
  say(FORWARD("1"));
  tick(1);
  EXPECT(seen.begun == 1 && replies("[busy") == 1);
  tick(60000);
  say(FORWARD("1"));
  tick(1);
  EXPECT(seen.begun == 2);
  end();
}

static void time_limits(void)
{
  begin("what waits longer than it is worth is not run and not answered");
  seen.goes_on = true;
  say(FORWARD("0"));
  say(FORWARD("1"));
  tick(1);
  tick(30000);
  EXPECT(seen.begun == 1 && device.counters.expired == 1);
  tick(660000);
  EXPECT(seen.aborted == 1 && replies("[timeout]") == 1);
  end();
  begin("the safe action runs when the link has been down for two seconds, once");
  fw_on_lost(&device);
  tick(1);
  tick(1998);
  EXPECT(seen.safe == 0);
  tick(2);
  EXPECT(seen.safe == 1);
  tick(5000);
  EXPECT(seen.safe == 1);
  end();
  begin("a reply that cannot be sent is said when the connection is back");
  seen.takes = false;
  say(FORWARD("0"));
  tick(1);
  EXPECT(seen.begun == 1 && replies("") == 0);
  fw_on_lost(&device);
  tick(1);
  tick(3000);
  seen.takes = true;
  fw_on_connack(&device, true);
  tick(1);
  tick(1);
  EXPECT(replies("\"success\"") == 1);
  end();
}

static void hear_text(const char *topic, const char *payload, bool retained)
{
  hear(topic, payload, strlen(payload), retained);
}

static void configs(void)
{
  const char *own = "iot-car/car-001/config", *fleet = "iot-car/fleet/config";
  begin("the fleet's configuration is overlaid by the device's own; versions only rise");
  device.store = &store;
  seen.sent = 0;
  hear_text(fleet, "{\"version\":3,\"max_speed\":90,\"telemetry_interval_ms\":500}", true);
  hear_text(own, "{\"version\":7,\"max_speed\":40}", true);
  tick(1);
  EXPECT(seen.configured == 1 && seen.max_speed == 40 && seen.interval == 500);
  EXPECT(seen.sent == 1 && strcmp(seen.message[0].topic, "iot-car/car-001/config/reported") == 0 && seen.message[0].retain);
  EXPECT(strcmp(seen.message[0].payload, "{\"version\":7,\"fleet_version\":3,\"outcome\":\"applied\"}") == 0);
  hear_text(own, "{\"version\":6,\"max_speed\":10}", false);
  tick(1);
  EXPECT(seen.configured == 1 && strstr(seen.message[1].payload, "\"rejected\"") != NULL);
  hear_text(own, "{\"version\":8,\"max_speed\":101}", false);
  tick(1);
  EXPECT(seen.configured == 1 && strstr(seen.message[2].payload, "\"rejected\"") != NULL);
  seen.verdict = FW_CONFIG_REBOOT;
  hear_text(own, "{\"version\":9,\"max_speed\":20}", false);
  tick(1);
  EXPECT(strstr(seen.message[3].payload, "\"reboot_required\"") != NULL);
  hear_text(own, "{\"version\":9,\"max_speed\":20}", false);
  tick(1);
  EXPECT(seen.sent == 4); /* Once. */
  drop();
  /* The boot. */
  seen.verdict = FW_CONFIG_APPLIED;
  seen.connects = 0;
  seen.configured = 0;
  seen.sent = 0;
  make();
  device.store = &store;
  connect_device();
  EXPECT(seen.configured == 1 && seen.max_speed == 20 && seen.interval == 500);
  EXPECT(strcmp(seen.message[1].payload, "{\"version\":9,\"fleet_version\":3,\"outcome\":\"applied\"}") == 0);
  hear_text(own, "", false);
  tick(1);
  EXPECT(seen.configured == 2 && seen.max_speed == 90);
  end();
}

static const char *last(void)
{
  EXPECT(seen.sent > 0 && strcmp(seen.message[seen.sent - 1].topic, "iot-car/car-001/config/reported") == 0);
  return seen.message[seen.sent - 1].payload;
}

static void unreadable_configs(void)
{
  static const char *const payloads[] = {"garbage", "{", "{\"max_speed\":101,\"version\":9}", "{\"version\":\"9\"}", "[1]"};
  const char *own = "iot-car/car-001/config", *fleet = "iot-car/fleet/config";
  const char *none = "{\"version\":0,\"fleet_version\":0,\"outcome\":\"rejected\",\"reason\":\"it does not fit the contract\"}";
  const char *some = "{\"version\":7,\"fleet_version\":3,\"outcome\":\"rejected\",\"reason\":\"it does not fit the contract\"}";
  static char padded[IOT_CAR_CONFIG_DESIRED_MAX + 2];
  size_t i;
  for (i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
    begin("what is said of a configuration that cannot be read: the versions that are in effect");
    hear_text(own, payloads[i], true);
    tick(1);
    EXPECT(strcmp(last(), none) == 0);
    hear_text(fleet, payloads[i], true);
    tick(1);
    EXPECT(strcmp(last(), none) == 0 && seen.configured == 0 && device.counters.invalid == 2);
    hear_text(fleet, "{\"version\":3,\"max_speed\":90}", true);
    hear_text(own, "{\"version\":7,\"max_speed\":40}", true);
    tick(1);
    hear_text(own, payloads[i], false);
    tick(1);
    EXPECT(strcmp(last(), some) == 0);
    hear_text(fleet, payloads[i], false);
    tick(1);
    EXPECT(strcmp(last(), some) == 0 && seen.configured == 1 && seen.max_speed == 40);
    drop();
  }
  begin("what is said of a configuration that is too long, or whose version is read before its fault");
  memset(padded, ' ', sizeof padded - 1);
  memcpy(padded, "{\"version\":8}", 13);
  hear_text(own, padded, false);
  tick(1);
  EXPECT(strcmp(last(), "{\"version\":0,\"fleet_version\":0,\"outcome\":\"rejected\",\"reason\":\"too long\"}") == 0);
  hear_text(own, "{\"version\":8,\"max_speed\":101}", false);
  tick(1);
  EXPECT(strstr(last(), "{\"version\":8,\"fleet_version\":0,\"outcome\":\"rejected\"") != NULL && seen.configured == 0);
  end();
}

static void full_store(void)
{
  const char *own = "iot-car/car-001/config", *fleet = "iot-car/fleet/config";
  begin("a configuration that the store cannot keep: rejected, what was in effect is again, and it is tried again");
  device.store = &store;
  seen.full = true;
  hear_text(own, "{\"version\":1,\"max_speed\":90}", false);
  tick(1);
  EXPECT(strcmp(last(), "{\"version\":1,\"fleet_version\":0,\"outcome\":\"rejected\",\"reason\":\"it cannot be kept\"}") == 0);
  EXPECT(seen.configured == 1);
  hear_text(own, "{\"version\":1,\"max_speed\":90}", false);
  tick(1);
  EXPECT(strstr(last(), "\"rejected\"") != NULL && seen.configured == 2);
  seen.full = false;
  hear_text(own, "{\"version\":1,\"max_speed\":90}", false);
  tick(1);
  EXPECT(strcmp(last(), "{\"version\":1,\"fleet_version\":0,\"outcome\":\"applied\"}") == 0 && seen.max_speed == 90);
  seen.full = true;
  hear_text(own, "{\"version\":2,\"max_speed\":20}", false);
  tick(1);
  EXPECT(strcmp(last(), "{\"version\":2,\"fleet_version\":0,\"outcome\":\"rejected\",\"reason\":\"it cannot be kept\"}") == 0);
  EXPECT(seen.configured == 5 && seen.max_speed == 90);
  /* One of two is written: that one counts. */
  seen.saves = 1;
  hear_text(own, "{\"version\":2,\"max_speed\":20}", false);
  hear_text(fleet, "{\"version\":5,\"max_speed\":10,\"telemetry_interval_ms\":700}", false);
  tick(1);
  EXPECT(strcmp(last(), "{\"version\":2,\"fleet_version\":5,\"outcome\":\"rejected\",\"reason\":\"it cannot be kept\"}") == 0);
  EXPECT(seen.configured == 7 && seen.max_speed == 20 && seen.interval == 0);
  seen.full = false;
  hear_text(fleet, "{\"version\":5,\"max_speed\":10,\"telemetry_interval_ms\":700}", false);
  tick(1);
  EXPECT(strcmp(last(), "{\"version\":2,\"fleet_version\":5,\"outcome\":\"applied\"}") == 0);
  EXPECT(seen.configured == 8 && seen.max_speed == 20 && seen.interval == 700);
  end();
}

static void journal(void)
{
  int i;
  begin("a journal: what began is interrupted after a restart, what ended is said again, torn records are left out");
  drop();
  seen.connects = 0;
  make();
  device.store = &store;
  device.journal = true;
  connect_device();
  seen.answers = false;
  say(FORWARD("ended"));
  tick(1);
  seen.goes_on = true;
  say(FORWARD("began"));
  tick(1);
  EXPECT(seen.begun == 2 && replies("\"success\"") == 1);
  drop();
  for (i = 0; i < 24; i++)
    if (kept[i].key == 2) break;
  EXPECT(i < 24);
  seen.connects = 0;
  seen.answers = true;
  seen.sent = 0;
  make();
  device.store = &store;
  device.journal = true;
  EXPECT(iot_car_device_start(&device, "car-001", "") == FW_OK);
  tick(0);
  fw_on_connack(&device, true);
  tick(1);
  tick(1);
  EXPECT(replies("[interrupted]") == 1 && replies("\"success\"") == 1);
  say(FORWARD("began"));
  tick(1);
  EXPECT(seen.begun == 2 && replies("[interrupted]") == 2);
  tick(1);
  drop();
  for (i = 0; i < 24; i++)
    if (kept[i].key == 1) kept[i].length -= 3;
  seen.connects = 0;
  make();
  device.store = &store;
  device.journal = true;
  connect_device();
  EXPECT(seen.sent == 0 && seen.begun == 2); /* Acknowledged before: nothing is said again; the torn one is unknown. */
  say(FORWARD("began"));
  tick(1);
  EXPECT(seen.begun == 2 && replies("[interrupted]") == 1);
  end();
}

#if FW_MANUAL_ACK
#include "acknowledgements.inc"
#endif

static void late_attempts(void)
{
  int round;
  uint32_t most = 0;
  begin("an attempt that fails after a loss is followed by one within one and a half spreads (S-2)");
  device.spread_ms = 30000;
  for (round = 0; round < 100; round++) {
    device.attempts = 0;
    fw_on_lost(&device);
    tick(1);
    EXPECT(device.wait_ms <= 30000);
    tick(30001);
    fw_on_lost(&device);
    tick(1);
    EXPECT(device.wait_ms <= 45000);
    if (device.wait_ms > most) most = device.wait_ms;
    tick(45001);
  }
  EXPECT(most > 30000);
  end();
}

int main(void)
{
  birth();
  late_attempts();
  fragments();
  broken();
  too_long();
  small();
  duplicates();
  overload();
  time_limits();
  configs();
  unreadable_configs();
  full_store();
  journal();
#if FW_MANUAL_ACK
  acknowledgements();
#endif
  return 0;
}
