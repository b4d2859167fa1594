/** The engine's `fw_engine.inc`: what a tick does, and how a device starts and stops. */
export const FW_ENGINE_INC = String.raw`/* The tick: connection, safe action on loss, overdue calls, inbox, replies. */

/* True where a message is done with. */
static bool take_message(fw_device_t *device, fw_record_t *record, const char *topic, const uint8_t *payload, size_t length)
{
  if (record->leg == 0) {
    record->leg = device_route(device, topic, record->topic);
    if (record->leg == 0) {
      device->counters.invalid++;
      return true;
    }
  }
  if (record->leg == DEVICE_PRESENCE) {
    if ((record->flags & FW_RECORD_OVERSIZE) != 0 || length > device->memory.read_size) {
      device->counters.invalid++;
      return true;
    }
    fw_move(device->memory.read, payload, length);
    hear_presence(device, device->memory.read, length, (record->flags & FW_RECORD_RETAINED) != 0);
    return true;
  }
  if (device_lane(record->leg) != DEVICE_NO_LANE) return take_request(device, record, payload, length);
#if DEVICE_DESIRED
  if (record->leg == DEVICE_DESIRED || record->leg == DEVICE_FLEET) return false;
#endif
  if ((record->flags & FW_RECORD_OVERSIZE) != 0 || length > legs[record->leg].max || length > device->memory.read_size) {
    device->counters.invalid++;
    return true;
  }
  fw_move(device->memory.read, payload, length);
  if (!device_message(device, record->leg, device->memory.read, length, (record->flags & FW_RECORD_RETAINED) != 0))
    device->counters.invalid++;
  return true;
}

/* Works through the inbox, oldest first, and closes the gaps. */
static void read_inbox(fw_device_t *device)
{
  uint8_t *inbox = device->memory.inbox;
  size_t at, kept = 0;
  fw_record_t record;
#if DEVICE_DESIRED
  bool own = false, fleet = DEVICE_FLEET == 0;
#endif
  for (at = 0; at < device->used; at += record.size) {
    fw_move(&record, inbox + at, sizeof record);
    if ((record.flags & FW_RECORD_DONE) == 0 &&
        take_message(device, &record, (const char *)inbox + at + sizeof record, inbox + at + sizeof record + record.topic,
                     record.size - sizeof record - record.topic))
      record.flags = (uint8_t)(record.flags | FW_RECORD_DONE);
    fw_move(inbox + at, &record, sizeof record);
#if DEVICE_DESIRED
    if (record.leg == DEVICE_DESIRED) own = true;
    else if (record.leg == DEVICE_FLEET) fleet = true;
#endif
  }
#if DEVICE_DESIRED
  if (own && fleet) device->flags = (uint8_t)(device->flags | FLAG_SETTLED);
  if ((device->flags & FLAG_SETTLED) != 0 && device->phase == FW_READY) apply_configs(device);
#endif
  for (at = 0; at < device->used; at += record.size) {
    fw_move(&record, inbox + at, sizeof record);
    if ((record.flags & FW_RECORD_DONE) != 0) {
      settle(device, &record);
      continue;
    }
    fw_move(inbox + kept, inbox + at, record.size);
    kept += record.size;
  }
  /* A message of which only parts have come stands behind the last whole one. */
  if (device->arriving > 0) fw_move(inbox + kept, inbox + device->used, device->arriving);
  device->used = kept;
}

static void keep_told(fw_device_t *device)
{
  uint16_t slot;
  for (slot = 0; slot < device->memory.count; slot++) {
    fw_remembered_t *head = &device->memory.remembered[slot];
    if ((head->state & FW_SLOT_TOLD) == 0) continue;
    head->state = (uint8_t)((head->state & ~FW_SLOT_TOLD) | FW_SLOT_TOLD_KEPT);
    (void)keep(device, slot);
  }
}

/* What the store has: what began and did not end was interrupted; what the caller may not have heard is said (C-4). */
static void restore_slots(fw_device_t *device)
{
  uint16_t slot;
  if (device->store == NULL) return;
  for (slot = 0; slot < device->memory.count; slot++) {
    fw_remembered_t *head = &device->memory.remembered[slot];
    const size_t most = DEVICE_ID_MAX + (size_t)device->memory.reply_size;
    const size_t size = device->store->load(device->store_ctx, (uint16_t)(slot + 1), device->memory.write,
                                            device->memory.write_size);
    if (size < sizeof *head + DEVICE_ID_MAX || size > sizeof *head + most) continue;
    fw_move(head, device->memory.write, sizeof *head);
    fw_blank(texts_of(device, slot), most);
    fw_move(texts_of(device, slot), device->memory.write + sizeof *head, size - sizeof *head);
    if (head->id > DEVICE_ID_MAX || size != sizeof *head + DEVICE_ID_MAX + (size_t)head->reply ||
        device_lane(leg_of(device, slot)) == DEVICE_NO_LANE) {
      free_slot(device, slot);
      continue;
    }
    head->at = device->now;
    if (state_of(device, slot) == FW_SLOT_RUNS) {
      fail_slot(device, slot, "interrupted", "the device was started again");
    } else {
      const bool say_it = (head->state & (FW_SLOT_TOLD | FW_SLOT_TOLD_KEPT)) == 0 && head->reply > 0;
      head->state = (uint8_t)(FW_SLOT_DONE | (say_it ? FW_SLOT_SAY : FW_SLOT_TOLD_KEPT));
    }
  }
}

static void tick_device(fw_device_t *device)
{
  uint8_t lane;
  device->now = device->transport->now_ms(device->ctx);
  while (age(device, device->unix_at) >= 1000u) {
    device->unix_at += 1000u;
    if (device->unix_seconds != 0) device->unix_seconds++;
  }
  tend_link(device);
  if ((device->events & FW_EVENT_OVERFLOW) != 0) {
    /* Something could not be taken, and nobody knows what: as with a command that cannot be read. */
    device->events = (uint8_t)(device->events & ~FW_EVENT_OVERFLOW);
    for (lane = 0; lane < DEVICE_LANES; lane++) be_safe(device, lane, false);
  }
  if ((device->flags & FLAG_LINK_LOST) != 0) {
    bool due = true;
    for (lane = 0; lane < DEVICE_LANES; lane++) {
      if (!lanes[lane].on_link_lost) continue;
      if (age(device, device->down_at) < lanes[lane].link_lost_ms) due = false;
      else be_safe(device, lane, true);
    }
    if (due) device->flags = (uint8_t)(device->flags & ~FLAG_LINK_LOST);
  }
  end_overdue(device);
  if (device->phase == FW_READY && age(device, device->ready_at) >= QUIET_MS)
    device->flags = (uint8_t)(device->flags | FLAG_SETTLED);
  read_inbox(device);
  keep_told(device);
  if (device->phase == FW_READY) {
#if DEVICE_DESIRED
    if ((device->flags & FLAG_REPORT) != 0) report_state(device, FW_CONFIG_APPLIED);
#endif
    say_replies(device);
  }
  acknowledge(device);
}

static fw_status_t start_device(fw_device_t *device, const char *identity, const char *prefix)
{
  size_t length;
  device->identity = fw_text(identity);
  device->prefix = prefix;
  if (device->random == 0) device->random = hash_of((const uint8_t *)identity, device->identity.length) | 1u;
  device->now = device->transport->now_ms(device->ctx);
  device->unix_at = device->now;
  for (length = 0; length < DEVICE_FILTERS; length++) {
    const fw_status_t status = device_topic(device, filters[length], NULL);
    if (status != FW_OK) return status;
  }
  if (device_presence(device, false, device->memory.write, device->memory.write_size) == 0) return FW_SPACE;
  restore_slots(device);
#if DEVICE_DESIRED
  restore_config(device);
#else
  device->flags = (uint8_t)(device->flags | FLAG_SETTLED);
#endif
  device->wait_ms = 0;
  enter(device, FW_WAITING);
  return FW_OK;
}

static void stop_device(fw_device_t *device)
{
  uint8_t lane;
  for (lane = 0; lane < DEVICE_LANES; lane++) cut_for(device, lane, "interrupted", "the device is going away");
  if (device->phase == FW_READY) {
    say_replies(device);
    device->events = (uint8_t)(device->events & ~FW_EVENT_LEFT);
    if (say_presence(device, false, FW_TOKEN_OFFLINE)) {
      enter(device, FW_LEAVING);
      return;
    }
  }
  if (device->phase >= FW_CONNECTING) device->transport->disconnect(device->ctx);
  enter(device, FW_STOPPED);
}
`
