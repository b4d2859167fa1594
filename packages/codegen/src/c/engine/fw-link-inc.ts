/** The engine's `fw_link.inc`: connecting, subscribing, presence. */
export const FW_LINK_INC = String.raw`/*
 * The connection: will, CONNECT, SUBSCRIBE, birth, ready (P-1 to P-4), and coming back (S-2).
 */

#define ANSWER_MS 10000u
#define BACKOFF_CAP_MS 60000u
#define STABLE_MS 5000u
#define REPAIR_MS 1000u
#define QUIET_MS 250u

#define FLAG_SETTLED 1u
#define FLAG_REPAIR 2u
#define FLAG_LINK_LOST 4u
#define FLAG_ASKED 8u
#define FLAG_RESTORED 16u
#define FLAG_REBOOTING 32u
#define FLAG_REPORT 64u

/* Xorshift: spreads attempts, keeps no secret. */
static uint32_t roll(fw_device_t *device)
{
  uint32_t x = device->random;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  device->random = x;
  return x;
}

static void enter(fw_device_t *device, fw_phase_t phase)
{
  device->phase = (uint8_t)phase;
  device->since = device->now;
}

/* Publishes octets on a leg, for the device's own params and those of an id. */
static fw_status_t say(fw_device_t *device, uint8_t leg, const fw_text_t *id, const uint8_t *payload, size_t length,
                       uint16_t token)
{
  fw_status_t status = device_topic(device, leg, id);
  if (status != FW_OK) return status;
  status = device->transport->publish(device->ctx, device->memory.topic, payload, length, legs[leg].qos,
                                      legs[leg].retain != 0, token);
  if (status == FW_OK && legs[leg].qos > 0 && (device->transport->capabilities & FW_CAN_PUBLISH_QOS) != 0)
    prove(device, token);
  return status;
}

static bool say_presence(fw_device_t *device, bool online, uint16_t token)
{
  const size_t length = device_presence(device, online, device->memory.write, device->memory.write_size);
  if (length == 0) return false;
  if (online) device->birth = hash_of(device->memory.write, length);
  return say(device, DEVICE_PRESENCE, NULL, device->memory.write, length, token) == FW_OK;
}

static void begin_connecting(fw_device_t *device)
{
  fw_will_t will;
  device->session = roll(device) >> 1;
  will.length = device_presence(device, false, device->memory.write, device->memory.write_size);
  will.payload = device->memory.write;
  will.topic = device->memory.topic;
  will.qos = legs[DEVICE_PRESENCE].qos;
  will.retain = legs[DEVICE_PRESENCE].retain != 0;
  device->events = (uint8_t)(device->events & (FW_EVENT_OVERFLOW | FW_EVENT_LEFT));
  forget_held(device);
  enter(device, FW_CONNECTING);
  if (will.length == 0 || device_topic(device, DEVICE_PRESENCE, NULL) != FW_OK ||
      device->transport->connect(device->ctx, &will) != FW_OK)
    fw_on_lost(device);
}

static void lose(fw_device_t *device)
{
  uint16_t slot;
  /* Those who tried in vain while a broker was down come back over a time of their own, not all at once (S-2). */
  const uint32_t wide = device->spread_ms + device->spread_ms / 2u;
  const uint32_t grown = device->attempts > 6 ? BACKOFF_CAP_MS : 500u << device->attempts;
  const uint32_t most = device->attempts == 0 ? device->spread_ms : grown < wide ? wide : grown;
  const bool refused = (device->events & FW_EVENT_REFUSED) != 0;
  device->events =
      (uint8_t)(device->events & ~(FW_EVENT_LOST | FW_EVENT_GREETED | FW_EVENT_REFUSED | FW_EVENT_UNTAKEN));
  if (device->phase == FW_LEAVING || device->phase == FW_STOPPED) {
    enter(device, FW_STOPPED);
    return;
  }
  if (refused) {
    enter(device, FW_REFUSED);
    return;
  }
  if (device->phase >= FW_SUBSCRIBING) {
    device->counters.lost++;
    device->flags = (uint8_t)(device->flags | FLAG_LINK_LOST);
    device->down_at = device->now;
  }
  for (slot = 0; slot < device->memory.count; slot++)
    device->memory.remembered[slot].state = (uint8_t)(device->memory.remembered[slot].state & ~FW_SLOT_PROVING);
  device->fence = 0;
  device->arriving = 0;
  device->wait_ms = most == 0 ? 0 : roll(device) % (most + 1u);
  if (device->attempts < 8) device->attempts++;
  enter(device, FW_WAITING);
}

/* What the client library had is lost with the session, or was never there. */
static void say_again(fw_device_t *device)
{
  uint16_t slot;
  for (slot = 0; slot < device->memory.count; slot++) {
    fw_remembered_t *head = &device->memory.remembered[slot];
    if ((head->state & FW_SLOT_SENT) != 0) head->state = (uint8_t)((head->state & ~FW_SLOT_SENT) | FW_SLOT_SAY);
  }
}

static void subscribe_more(fw_device_t *device)
{
  while (device->wait_ms < DEVICE_FILTERS) {
    const uint8_t leg = filters[device->wait_ms];
    if (device_topic(device, leg, NULL) != FW_OK ||
        device->transport->subscribe(device->ctx, device->memory.topic, legs[leg].qos, FW_TOKEN_SUBSCRIBE) != FW_OK)
      return;
    device->wait_ms++;
  }
  if (device->subscribed < DEVICE_FILTERS) return;
  device->events = (uint8_t)(device->events & ~FW_EVENT_GREETED);
  if (say_presence(device, true, FW_TOKEN_ONLINE)) enter(device, FW_GREETING);
}

/* The broker said "offline" of us while we are here (P-4). */
static void repair(fw_device_t *device)
{
  if ((device->flags & FLAG_REPAIR) == 0 || age(device, device->online_at) < REPAIR_MS) return;
  if (!say_presence(device, true, FW_TOKEN_PLAIN)) return;
  device->flags = (uint8_t)(device->flags & ~FLAG_REPAIR);
  device->online_at = device->now;
}

/* A reply that was sent on this connection is not acknowledged, and will not be. */
static bool is_unanswered(const fw_device_t *device)
{
  uint16_t slot;
  if (age(device, device->ready_at) < ANSWER_MS) return false;
  for (slot = 0; slot < device->memory.count; slot++)
    if ((device->memory.remembered[slot].state & FW_SLOT_SENT) != 0 &&
        age(device, device->memory.remembered[slot].at) >= ANSWER_MS)
      return true;
  return false;
}

static void tend_link(fw_device_t *device)
{
  if ((device->events & FW_EVENT_LOST) != 0) lose(device);
  switch (device->phase) {
    case FW_WAITING:
      if (age(device, device->since) >= device->wait_ms) begin_connecting(device);
      break;
    case FW_CONNECTING:
      if ((device->events & FW_EVENT_CONNECTED) != 0) {
        if ((device->events & FW_EVENT_PRESENT) == 0) say_again(device);
        device->events = (uint8_t)(device->events & ~(FW_EVENT_CONNECTED | FW_EVENT_PRESENT));
        device->subscribed = 0;
        device->wait_ms = 0;
        enter(device, FW_SUBSCRIBING);
      }
      break;
    case FW_GREETING:
      if ((device->events & FW_EVENT_GREETED) != 0) {
        device->ready_at = device->now;
        device->online_at = device->now;
        device->flags = (uint8_t)(device->flags & ~(FLAG_LINK_LOST | FLAG_REPAIR));
        enter(device, FW_READY);
      }
      break;
    case FW_READY:
      if (device->attempts > 0 && age(device, device->since) >= STABLE_MS) device->attempts = 0;
      repair(device);
      break;
    case FW_LEAVING:
      if ((device->events & FW_EVENT_LEFT) != 0 || age(device, device->since) >= ANSWER_MS) {
        acknowledge(device);
        device->transport->disconnect(device->ctx);
        enter(device, FW_STOPPED);
      }
      break;
    default:
      break;
  }
  if (device->phase == FW_SUBSCRIBING) subscribe_more(device);
  /* An acknowledgement that is lost on a live connection is cured by closing it (C-10). */
  if ((device->phase >= FW_CONNECTING && device->phase <= FW_GREETING && age(device, device->since) >= ANSWER_MS) ||
      (device->phase == FW_READY && is_unanswered(device)) || is_untaken(device)) {
    device->transport->disconnect(device->ctx);
    fw_on_lost(device);
  }
}

/* What came on the device's own presence topic. */
static void hear_presence(fw_device_t *device, uint8_t *payload, size_t length, bool retained)
{
  if (retained || length == 0) return;
  if (device->phase == FW_READY && hash_of(payload, length) == device->birth)
    device->flags = (uint8_t)(device->flags | FLAG_SETTLED);
  if (device->phase != FW_READY) return;
  if (device_says_offline(device, payload, length)) device->flags = (uint8_t)(device->flags | FLAG_REPAIR);
}
`
