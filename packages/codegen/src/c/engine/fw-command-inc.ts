/** The engine's `fw_command.inc`: what becomes of a request. */
export const FW_COMMAND_INC = String.raw`/*
 * Commands: at most once each (C-3), not when too old (C-5), the safe action for what cannot be read (C-7), busy and what
 * is never busy (C-8), retained ones never (C-14).
 */

/* A failure as the reply of a slot. */
static void fail_slot(fw_device_t *device, uint16_t slot, const char *code, const char *words)
{
  fw_remembered_t *head = &device->memory.remembered[slot];
  const fw_text_t id = id_of(device, slot);
  const uint32_t ran = state_of(device, slot) == FW_SLOT_RUNS ? age(device, head->at) : 0;
  const size_t length =
      device_fail(device, leg_of(device, slot), &id, code, words, ran, reply_of(device, slot),
                  device->memory.reply_size);
  head->reply = (uint16_t)length;
  head->at = device->now;
  head->state = (uint8_t)((head->state & (FW_SLOT_PROVING | FW_SLOT_PROVEN)) | FW_SLOT_DONE | (length > 0 ? FW_SLOT_SAY : 0u));
  (void)keep(device, slot);
}

/* Answers what did not begin, and remembers nothing of it. */
static void refuse(fw_device_t *device, uint8_t leg, const fw_text_t *id, const char *code, const char *words)
{
  const uint8_t to = device_reply_leg(leg);
  size_t length;
  if (to == 0) return;
  length = device_fail(device, leg, id, code, words, 0, device->memory.write, device->memory.write_size);
  if (length == 0 || device->phase != FW_READY ||
      say(device, to, id, device->memory.write, length, FW_TOKEN_PLAIN) != FW_OK)
    device->counters.dropped++;
}

/* Ends all that runs or waits in a lane. */
static void cut_for(fw_device_t *device, uint8_t lane, const char *code, const char *words)
{
  uint16_t slot;
  for (slot = 0; slot < device->memory.count; slot++) {
    const uint8_t state = state_of(device, slot);
    if ((state != FW_SLOT_RUNS && state != FW_SLOT_WAITS) || request_lane(leg_of(device, slot)) != lane) continue;
    if (state == FW_SLOT_RUNS) device_abort(device, lane, (uint16_t)(slot + 1));
    fail_slot(device, slot, code, words);
  }
}

static void cut(fw_device_t *device, uint8_t lane)
{
  cut_for(device, lane, "preempted", "another command took over");
}

static void be_safe(fw_device_t *device, uint8_t lane, bool link_lost)
{
  if (!(link_lost ? lanes[lane].on_link_lost : lanes[lane].on_invalid)) return;
  cut(device, lane);
  device_safe(device, lane, link_lost);
}

static void start(fw_device_t *device, uint16_t slot, const uint8_t *payload, size_t length, bool preempts)
{
  fw_remembered_t *head = &device->memory.remembered[slot];
  bool kept;
  head->at = device->now;
  head->state = (uint8_t)((head->state & ~FW_SLOT_STATE) | FW_SLOT_RUNS);
  kept = keep(device, slot);
  /* A store that cannot write stops no stop. */
  if (!kept && !preempts) {
    fail_slot(device, slot, "unavailable", "the journal cannot be written");
    return;
  }
  if (kept && is_kept(device, slot)) let_go(device, slot);
  device->counters.begun++;
  fw_move(device->memory.read, payload, length);
  device_begin(device, leg_of(device, slot), device->memory.read, length, (uint16_t)(slot + 1));
}

static bool may_start(const fw_device_t *device, uint8_t lane)
{
  return (device->flags & FLAG_SETTLED) != 0 && count_of(device, lane, FW_SLOT_RUNS) < lanes[lane].concurrency;
}

/* A request that waits: true where it is done with. */
static bool go_on(fw_device_t *device, const fw_record_t *record, const uint8_t *payload, size_t length)
{
  const uint8_t lane = request_lane(record->leg);
  if (state_of(device, record->slot) != FW_SLOT_WAITS) return true;
  if (age(device, record->at) >= lanes[lane].expiry_ms) {
    device->counters.expired++;
    let_go(device, record->slot);
    free_slot(device, record->slot);
    return true;
  }
  if (!may_start(device, lane)) return false;
  start(device, record->slot, payload, length, false);
  return true;
}

static void refuse_unread(fw_device_t *device, const fw_record_t *record, const uint8_t *payload, size_t length,
                          uint16_t field)
{
  fw_text_t id;
  char words[48];
  device->counters.invalid++;
  be_safe(device, request_lane(record->leg), false);
  if ((record->flags & FW_RECORD_OVERSIZE) != 0 || !device_id_within(record->leg, payload, length, &id)) return;
  words[0] = 0;
  if (device_path(record->leg, field, words, sizeof words) == 0) fw_move(words, "not as declared", 16);
  refuse(device, record->leg, &id, "invalid_payload", words);
}

/* A request that came again: never run, answered by the one reply. */
static void repeat(fw_device_t *device, uint16_t slot, uint8_t leg, const fw_text_t *id, uint32_t hash)
{
  fw_remembered_t *head = &device->memory.remembered[slot];
  device->counters.duplicate++;
  head->state = (uint8_t)(head->state & ~(FW_SLOT_PROVING | FW_SLOT_PROVEN));
  if (head->hash != hash) {
    refuse(device, leg, id, "conflict", "this id was used with another request");
  } else if ((head->state & FW_SLOT_STATE) == FW_SLOT_DONE && head->reply > 0) {
    head->state = (uint8_t)(head->state | FW_SLOT_SAY);
    head->at = device->now;
  }
}

/* Makes the broker answer something, so that ids can be forgotten. */
static void ask_for_proof(fw_device_t *device)
{
  if (device->fence != 0 || (device->transport->capabilities & FW_CAN_SUBSCRIBE_DONE) == 0 || device->phase != FW_READY)
    return;
  if (device_topic(device, DEVICE_PRESENCE, NULL) == FW_OK &&
      device->transport->subscribe(device->ctx, device->memory.topic, legs[DEVICE_PRESENCE].qos, FW_TOKEN_PROOF) == FW_OK)
    prove(device, FW_TOKEN_PROOF);
}

/* A request out of the inbox: true where it is done with, false where it waits. */
static bool take_request(fw_device_t *device, fw_record_t *record, const uint8_t *payload, size_t length)
{
  const uint8_t leg = record->leg;
  const uint8_t lane = request_lane(leg);
  fw_facts_t facts;
  uint32_t hash;
  uint16_t slot;
  bool starts;
  if ((record->flags & FW_RECORD_WAITS) != 0) return go_on(device, record, payload, length);
  if ((record->flags & FW_RECORD_RETAINED) != 0) {
    device->counters.invalid++;
    return true;
  }
  fw_blank(&facts, sizeof facts);
  if ((record->flags & FW_RECORD_OVERSIZE) != 0 || length > legs[leg].max || length > device->memory.read_size) {
    record->flags = (uint8_t)(record->flags | FW_RECORD_OVERSIZE);
    refuse_unread(device, record, payload, length, 0);
    return true;
  }
  fw_move(device->memory.read, payload, length);
  if (device_read(device, leg, device->memory.read, length, &facts) != FW_OK) {
    refuse_unread(device, record, payload, length, facts.field);
    return true;
  }
  hash = hash_of(payload, length);
  hash = ((hash ^ hash >> 24) & 0xffffffu) | (uint32_t)leg << 24;
  slot = find(device, leg, &facts.id);
  if (slot < device->memory.count) {
    if (device->memory.remembered[slot].hash == hash) {
      hold_for(device, record, slot);
      if (state_of(device, slot) != FW_SLOT_WAITS && is_kept(device, slot)) let_go(device, slot);
    }
    repeat(device, slot, leg, &facts.id, hash);
    return true;
  }
  if (age(device, record->at) >= lanes[lane].expiry_ms) {
    device->counters.expired++;
    return true;
  }
  if (facts.preempts) {
    cut(device, lane);
    slot = take_slot(device, &facts.id, hash);
    if (slot < device->memory.count) {
      hold_for(device, record, slot);
      start(device, slot, payload, length, true);
    } else {
      /* Never refused: where the table is full it runs without being remembered. */
      device->counters.begun++;
      device_begin_unremembered(device, leg, payload, length);
      ask_for_proof(device);
    }
    return true;
  }
  starts = may_start(device, lane) && count_of(device, lane, FW_SLOT_WAITS) == 0;
  slot = device->memory.count;
  if (starts || count_of(device, lane, FW_SLOT_WAITS) < lanes[lane].queue)
    slot = take_slot(device, &facts.id, hash);
  if (slot == device->memory.count) {
    device->counters.busy++;
    refuse(device, leg, &facts.id, "busy retry_after_ms=100", "too much is waiting");
    ask_for_proof(device);
    return true;
  }
  hold_for(device, record, slot);
  if (starts) {
    start(device, slot, payload, length, false);
    return true;
  }
  record->flags = (uint8_t)(record->flags | FW_RECORD_WAITS);
  record->slot = slot;
  return false;
}

/* Replies that are to be said. */
static void say_replies(fw_device_t *device)
{
  uint16_t slot;
  for (slot = 0; slot < device->memory.count; slot++) {
    fw_remembered_t *head = &device->memory.remembered[slot];
    fw_text_t id;
    if ((head->state & FW_SLOT_SAY) == 0) continue;
    id = id_of(device, slot);
    /* Before it leaves: an adapter may tell at once that it is written. */
    head->state = (uint8_t)((head->state & ~FW_SLOT_SAY) | FW_SLOT_SENT);
    if (say(device, device_reply_leg(leg_of(device, slot)), &id, reply_of(device, slot), head->reply,
            (uint16_t)(slot + 1)) != FW_OK) {
      head->state = (uint8_t)((head->state & ~FW_SLOT_SENT) | FW_SLOT_SAY);
      return;
    }
  }
}

/* What has run too long is cut off (C-6). */
static void end_overdue(fw_device_t *device)
{
  uint16_t slot;
  for (slot = 0; slot < device->memory.count; slot++) {
    const uint8_t lane = request_lane(leg_of(device, slot));
    if (state_of(device, slot) != FW_SLOT_RUNS || age(device, device->memory.remembered[slot].at) < lanes[lane].run_ms)
      continue;
    device_abort(device, lane, (uint16_t)(slot + 1));
    fail_slot(device, slot, "timeout", "the handler took too long");
  }
}

/* The slot of a call that runs, or how many there are. */
static uint16_t running(const fw_device_t *device, uint16_t call)
{
  if (call == 0 || call > device->memory.count || state_of(device, (uint16_t)(call - 1)) != FW_SLOT_RUNS)
    return device->memory.count;
  return (uint16_t)(call - 1);
}

/* A call has ended, and its reply of so many octets stands in its slot. */
static void end_call(fw_device_t *device, uint16_t slot, size_t length)
{
  fw_remembered_t *head = &device->memory.remembered[slot];
  head->reply = (uint16_t)length;
  head->at = device->now;
  head->state = (uint8_t)((head->state & ~FW_SLOT_STATE) | FW_SLOT_DONE | (length > 0 ? FW_SLOT_SAY : 0u));
  (void)keep(device, slot);
}
`
