/** The engine's `fw_configure.inc`: desired configurations, and the reports about them. */
export const FW_CONFIGURE_INC = String.raw`/*
 * Configuration (F-1 to F-3): versions only rise, what is in effect is the fleet's overlaid by the device's own, the last
 * good one stays. Desired configurations stay in the inbox until all that are stored have come.
 */

#define KEEP_OWN 0x8001u
#define KEEP_FLEET 0x8002u
#define KEPT_HEAD 5u

static uint8_t *config_of(const fw_device_t *device, bool fleet)
{
  return device->memory.config + (fleet ? device->memory.config_size : 0u);
}

static void report(fw_device_t *device, uint32_t own, uint32_t fleet, fw_config_t outcome, const char *reason)
{
  const size_t length =
      device_report(device, own, fleet, outcome, reason, device->memory.write, device->memory.write_size);
  if (length == 0 || device->phase != FW_READY ||
      say(device, DEVICE_REPORTED, NULL, device->memory.write, length, FW_TOKEN_REPORT) != FW_OK)
    device->flags = (uint8_t)(device->flags | FLAG_REPORT);
}

static void report_state(fw_device_t *device, fw_config_t outcome)
{
  device->flags = (uint8_t)(device->flags & ~FLAG_REPORT);
  report(device, device->own_length > 0 ? device->own_version : 0, device->fleet_length > 0 ? device->fleet_version : 0,
         outcome, NULL);
}

static void report_rejected(fw_device_t *device, bool fleet, uint32_t version, const char *reason)
{
  report(device, fleet ? (device->own_length > 0 ? device->own_version : 0) : version,
         fleet ? version : (device->fleet_length > 0 ? device->fleet_version : 0), FW_CONFIG_REJECTED, reason);
}

/* Writes one side with its version; "rebooting" is what waits for the next start. */
static bool keep_config(fw_device_t *device, bool fleet, bool rebooting)
{
  uint8_t *at = device->memory.write;
  const uint32_t version = fleet ? device->fleet_version : device->own_version;
  const uint16_t length = fleet ? device->fleet_length : device->own_length;
  if (device->store == NULL) return true;
  if (device->memory.write_size < KEPT_HEAD + (size_t)length) return false;
  at[0] = (uint8_t)(version & 0xffu);
  at[1] = (uint8_t)(version >> 8 & 0xffu);
  at[2] = (uint8_t)(version >> 16 & 0xffu);
  at[3] = (uint8_t)(version >> 24);
  at[4] = rebooting ? 1 : 0;
  fw_move(at + KEPT_HEAD, config_of(device, fleet), length);
  return device->store->save(device->store_ctx, (uint16_t)(fleet ? KEEP_FLEET : KEEP_OWN), at, KEPT_HEAD + (size_t)length) ==
         FW_OK;
}

static bool load_config(fw_device_t *device, bool fleet)
{
  uint8_t *at = device->memory.write;
  const size_t size = device->store->load(device->store_ctx, (uint16_t)(fleet ? KEEP_FLEET : KEEP_OWN), at,
                                          device->memory.write_size);
  uint32_t version;
  if (size < KEPT_HEAD || size - KEPT_HEAD > device->memory.config_size) return false;
  version = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
  fw_move(config_of(device, fleet), at + KEPT_HEAD, size - KEPT_HEAD);
  if (fleet) {
    device->fleet_version = version;
    device->fleet_length = (uint16_t)(size - KEPT_HEAD);
  } else {
    device->own_version = version;
    device->own_length = (uint16_t)(size - KEPT_HEAD);
  }
  return at[4] != 0;
}

/* A device starts on the last good configuration that it kept; the version that wanted a start has had it now. */
static void restore_config(fw_device_t *device)
{
  const char *reason = NULL;
  bool own, fleet;
  if (device->store == NULL) return;
  own = load_config(device, false);
  fleet = load_config(device, true);
  if (device->own_length == 0 && device->fleet_length == 0) return;
  if (device_configure(device, config_of(device, true), device->fleet_length, config_of(device, false),
                       device->own_length, true, &reason) == FW_CONFIG_REJECTED)
    return;
  if (!own && !fleet) return;
  (void)keep_config(device, false, false);
  (void)keep_config(device, true, false);
  device->flags = (uint8_t)(device->flags | FLAG_REPORT);
}

/* The payload of a record. */
static const uint8_t *payload_of(const fw_device_t *device, size_t at, const fw_record_t *record)
{
  return device->memory.inbox + at + sizeof *record + record->topic;
}

static size_t payload_size(const fw_record_t *record)
{
  return record->size - sizeof *record - record->topic;
}

/* True where a desired configuration is to be applied; otherwise it has been answered. */
static bool is_candidate(fw_device_t *device, const fw_record_t *record, const uint8_t *payload, size_t length,
                         uint32_t *version)
{
  const bool fleet = record->leg == DEVICE_FLEET;
  const uint32_t floor = fleet ? device->fleet_version : device->own_version;
  *version = 0;
  if ((record->flags & FW_RECORD_OVERSIZE) != 0 || length > device->memory.config_size ||
      length > device->memory.read_size) {
    device->counters.invalid++;
    report_rejected(device, fleet, 0, "too long");
    return false;
  }
  if (length == 0) return true;
  fw_move(device->memory.read, payload, length);
  if (device_config_version(device, device->memory.read, length, version) != FW_OK) {
    device->counters.invalid++;
    report_rejected(device, fleet, *version, "it does not fit the contract");
    return false;
  }
  if (*version < floor) {
    report_rejected(device, fleet, *version, "a later version was applied");
    return false;
  }
  if (*version == floor && (fleet ? device->fleet_length : device->own_length) > 0) {
    if ((device->flags & FLAG_REBOOTING) == 0) report_state(device, FW_CONFIG_APPLIED);
    return false;
  }
  return true;
}

/* Applies what has come, once. */
static void apply_configs(fw_device_t *device)
{
  const uint8_t *next[2];
  size_t length[2], at;
  uint32_t version[2];
  bool changed[2] = {false, false};
  const char *reason = NULL;
  fw_record_t record;
  fw_config_t outcome = FW_CONFIG_APPLIED;
  uint8_t side;
  for (side = 0; side < 2; side++) {
    next[side] = config_of(device, side == 1);
    length[side] = side == 1 ? device->fleet_length : device->own_length;
    version[side] = side == 1 ? device->fleet_version : device->own_version;
  }
  for (at = 0; at < device->used; at += record.size) {
    uint32_t found;
    fw_move(&record, device->memory.inbox + at, sizeof record);
    if ((record.flags & FW_RECORD_DONE) != 0 || record.leg == 0 ||
        (record.leg != DEVICE_DESIRED && record.leg != DEVICE_FLEET))
      continue;
    side = record.leg == DEVICE_FLEET ? 1 : 0;
    record.flags = (uint8_t)(record.flags | FW_RECORD_DONE);
    fw_move(device->memory.inbox + at, &record, sizeof record);
    if (!is_candidate(device, &record, payload_of(device, at, &record), payload_size(&record), &found)) continue;
    next[side] = payload_of(device, at, &record);
    length[side] = payload_size(&record);
    if (length[side] > 0) version[side] = found;
    changed[side] = true;
  }
  if (!changed[0] && !changed[1]) return;
  if (length[0] > 0 || length[1] > 0)
    outcome = device_configure(device, next[1], length[1], next[0], length[0], false, &reason);
  side = changed[0] ? 0 : 1;
  if (outcome == FW_CONFIG_REJECTED) {
    report_rejected(device, side == 1, version[side], reason == NULL ? "the application refuses it" : reason);
    return;
  }
  for (side = 0; side < 2; side++) {
    if (!changed[side]) continue;
    fw_move(config_of(device, side == 1), next[side], length[side]);
    if (side == 1) {
      device->fleet_length = (uint16_t)length[side];
      device->fleet_version = version[side];
    } else {
      device->own_length = (uint16_t)length[side];
      device->own_version = version[side];
    }
    if (!keep_config(device, side == 1, outcome == FW_CONFIG_REBOOT)) {
      report_rejected(device, side == 1, version[side], "it cannot be kept");
      return;
    }
  }
  device->flags = (uint8_t)(outcome == FW_CONFIG_REBOOT ? device->flags | FLAG_REBOOTING : device->flags & ~FLAG_REBOOTING);
  report_state(device, outcome);
}
`
