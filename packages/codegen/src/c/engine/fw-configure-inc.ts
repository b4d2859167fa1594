/** The engine's `fw_configure.inc`: desired configurations, and the reports about them. */
export const FW_CONFIGURE_INC = String.raw`/*
 * Configuration (F-1 to F-3): versions only rise, what is in effect is the fleet's overlaid by the device's own, the last
 * good one stays. Desired configurations stay in the inbox until all that are stored have come.
 */

/* Records of the store: of the device's own configuration, and behind it of the fleet's. */
#define KEEP_CONFIG 0x8001u
#define KEPT_HEAD 5u

/* A configuration that came, or is in effect. */
typedef struct {
  const uint8_t *payload;
  size_t length;
  uint32_t version;
  bool changed;
} fw_next_t;

static uint8_t *config_of(const fw_device_t *device, uint8_t side)
{
  return device->memory.config + (side != 0 ? device->memory.config_size : 0u);
}

static uint32_t version_of(const fw_device_t *device, uint8_t side)
{
  return device->sides[side].length > 0 ? device->sides[side].version : 0;
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
  report(device, version_of(device, 0), version_of(device, 1), outcome, NULL);
}

/* "version" is 0 where none could be read: then both are said as they are in effect. */
static void report_rejected(fw_device_t *device, uint8_t side, uint32_t version, const char *reason)
{
  if (version == 0) version = version_of(device, side);
  report(device, side != 0 ? version_of(device, 0) : version, side != 0 ? version : version_of(device, 1),
         FW_CONFIG_REJECTED, reason);
}

/* Writes one side with its version; "rebooting" is what waits for the next start. */
static bool keep_config(fw_device_t *device, uint8_t side, bool rebooting)
{
  uint8_t *at = device->memory.write;
  uint32_t version = device->sides[side].version;
  const size_t length = device->sides[side].length;
  uint8_t i;
  if (device->store == NULL) return true;
  if (device->memory.write_size < KEPT_HEAD + length) return false;
  for (i = 0; i < 4; i++, version >>= 8) at[i] = (uint8_t)version;
  at[4] = rebooting ? 1 : 0;
  fw_move(at + KEPT_HEAD, config_of(device, side), length);
  return device->store->save(device->store_ctx, (uint16_t)(KEEP_CONFIG + side), at, KEPT_HEAD + length) == FW_OK;
}

static bool load_config(fw_device_t *device, uint8_t side)
{
  uint8_t *at = device->memory.write;
  const size_t size = device->store->load(device->store_ctx, (uint16_t)(KEEP_CONFIG + side), at, device->memory.write_size);
  uint32_t version = 0;
  uint8_t i;
  device->sides[side].version = 0;
  device->sides[side].length = 0;
  if (size < KEPT_HEAD || size - KEPT_HEAD > device->memory.config_size) return false;
  for (i = 4; i != 0; i--) version = version << 8 | at[i - 1];
  fw_move(config_of(device, side), at + KEPT_HEAD, size - KEPT_HEAD);
  device->sides[side].version = version;
  device->sides[side].length = (uint16_t)(size - KEPT_HEAD);
  return at[4] != 0;
}

/* Gives the application what is kept. */
static bool apply_kept(fw_device_t *device, bool restored)
{
  const char *reason = NULL;
  const size_t own = device->sides[0].length;
  const size_t fleet = device->sides[1].length;
  return own + fleet > 0 && device_configure(device, config_of(device, 1), fleet, config_of(device, 0), own, restored,
                                             &reason) != FW_CONFIG_REJECTED;
}

/* A device starts on the last good configuration that it kept; the version that wanted a start has had it now. */
static void restore_config(fw_device_t *device)
{
  bool own, fleet;
  if (device->store == NULL) return;
  own = load_config(device, 0);
  fleet = load_config(device, 1);
  if (!apply_kept(device, true) || (!own && !fleet)) return;
  (void)keep_config(device, 0, false);
  (void)keep_config(device, 1, false);
  device->flags = (uint8_t)(device->flags | FLAG_REPORT);
}

/* True where a desired configuration is to be applied; otherwise it has been answered. */
static bool is_candidate(fw_device_t *device, uint8_t side, bool oversize, const uint8_t *payload, size_t length,
                         uint32_t *version)
{
  const fw_side_t *now = &device->sides[side];
  const char *reason = "too long";
  *version = 0;
  if (!oversize && length <= device->memory.config_size && length <= device->memory.read_size) {
    if (length == 0) return true;
    fw_move(device->memory.read, payload, length);
    reason = "it does not fit the contract";
    if (device_config_version(device, device->memory.read, length, version) == FW_OK) {
      if (*version == now->version && now->length > 0) {
        if ((device->flags & FLAG_REBOOTING) == 0) report_state(device, FW_CONFIG_APPLIED);
        return false;
      }
      if (*version >= now->version) return true;
      report_rejected(device, side, *version, "a later version was applied");
      return false;
    }
  }
  device->counters.invalid++;
  report_rejected(device, side, *version, reason);
  return false;
}

/* Applies what has come, once. */
static void apply_configs(fw_device_t *device)
{
  fw_next_t next[2];
  const char *reason = NULL;
  fw_record_t record;
  fw_config_t outcome = FW_CONFIG_APPLIED;
  size_t at;
  uint8_t side;
  for (side = 0; side < 2; side++) {
    next[side].payload = config_of(device, side);
    next[side].length = device->sides[side].length;
    next[side].version = device->sides[side].version;
    next[side].changed = false;
  }
  for (at = 0; at < device->used; at += record.size) {
    const uint8_t *payload;
    size_t length;
    uint32_t version;
    fw_move(&record, device->memory.inbox + at, sizeof record);
    if ((record.flags & FW_RECORD_DONE) != 0 || record.leg == 0 ||
        (record.leg != DEVICE_DESIRED && record.leg != DEVICE_FLEET))
      continue;
    side = record.leg == DEVICE_FLEET ? 1 : 0;
    record.flags = (uint8_t)(record.flags | FW_RECORD_DONE);
    fw_move(device->memory.inbox + at, &record, sizeof record);
    payload = device->memory.inbox + at + sizeof record + record.topic;
    length = record.size - sizeof record - record.topic;
    if (!is_candidate(device, side, (record.flags & FW_RECORD_OVERSIZE) != 0, payload, length, &version)) continue;
    next[side].payload = payload;
    next[side].length = length;
    if (length > 0) next[side].version = version;
    next[side].changed = true;
  }
  if (!next[0].changed && !next[1].changed) return;
  if (next[0].length > 0 || next[1].length > 0)
    outcome = device_configure(device, next[1].payload, next[1].length, next[0].payload, next[0].length, false, &reason);
  side = next[0].changed ? 0 : 1;
  if (outcome == FW_CONFIG_REJECTED) {
    report_rejected(device, side, next[side].version, reason == NULL ? "the application refuses it" : reason);
    return;
  }
  for (side = 0; side < 2; side++) {
    const fw_next_t *one = &next[side];
    if (!one->changed) continue;
    fw_move(config_of(device, side), one->payload, one->length);
    device->sides[side].length = (uint16_t)one->length;
    device->sides[side].version = one->version;
    if (!keep_config(device, side, outcome == FW_CONFIG_REBOOT)) {
      /* F-1: what is not kept does not count. The store has the former one, and the application is given that again. */
      (void)load_config(device, side);
      (void)apply_kept(device, false);
      report_rejected(device, side, one->version, "it cannot be kept");
      return;
    }
  }
  device->flags = (uint8_t)(outcome == FW_CONFIG_REBOOT ? device->flags | FLAG_REBOOTING : device->flags & ~FLAG_REBOOTING);
  report_state(device, outcome);
}
`
