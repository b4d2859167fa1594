/** The engine's `fw_memory.inc`: remembered commands, and the id in what cannot be read. */
export const FW_MEMORY_INC = String.raw`/*
 * Remembered commands (C-3). Slots have a fixed size: the id, the reply.
 */

static uint8_t *texts_of(const fw_device_t *device, uint16_t slot)
{
  return device->memory.texts + (size_t)slot * (DEVICE_ID_MAX + (size_t)device->memory.reply_size);
}

static uint8_t *reply_of(const fw_device_t *device, uint16_t slot)
{
  return texts_of(device, slot) + DEVICE_ID_MAX;
}

static fw_text_t id_of(const fw_device_t *device, uint16_t slot)
{
  fw_text_t id;
  id.data = (const char *)texts_of(device, slot);
  id.length = device->memory.remembered[slot].id;
  return id;
}

static uint8_t leg_of(const fw_device_t *device, uint16_t slot)
{
  return (uint8_t)(device->memory.remembered[slot].hash >> 24);
}

/* The lane of a leg on which requests come: known before where there is one. */
static uint8_t request_lane(uint8_t leg)
{
  return DEVICE_LANES == 1u ? 0 : device_lane(leg);
}

static uint8_t state_of(const fw_device_t *device, uint16_t slot)
{
  return (uint8_t)(device->memory.remembered[slot].state & FW_SLOT_STATE);
}

static uint32_t age(const fw_device_t *device, uint32_t at)
{
  return device->now - at;
}

/* 32 bits of FNV-1a: tells a repeated request from another one under the same id. */
static uint32_t hash_of(const uint8_t *data, size_t length)
{
  uint32_t hash = 2166136261u;
  while (length-- > 0) hash = (hash ^ *data++) * 16777619u;
  return hash;
}

/* Puts at most so many octets of a C string behind "at" octets, and an end; gives where that is. */
static FW_ONCE size_t append(char *text, size_t at, const char *words, size_t most)
{
  for (; most != 0 && *words != '\0'; most--) text[at++] = *words++;
  text[at] = '\0';
  return at;
}

/* Octets before the first space. */
static FW_ONCE size_t word_length(const char *words)
{
  size_t length = 0;
  while (words[length] != '\0' && words[length] != ' ') length++;
  return length;
}

/* True where the commands of a slot's leg are kept in the store. */
static bool is_kept(const fw_device_t *device, uint16_t slot)
{
  return device->store != NULL && (device->journal || device_journals(leg_of(device, slot)));
}

/* Writes a slot into the store, where there is one (C-4). */
static bool keep(fw_device_t *device, uint16_t slot)
{
  fw_remembered_t *head = &device->memory.remembered[slot];
  size_t size = DEVICE_ID_MAX + (size_t)head->reply;
  if (!is_kept(device, slot)) return true;
  if (device->memory.write_size < sizeof *head + size) return false;
  fw_move(device->memory.write, head, sizeof *head);
  fw_move(device->memory.write + sizeof *head, texts_of(device, slot), size);
  return device->store->save(device->store_ctx, (uint16_t)(slot + 1), device->memory.write, sizeof *head + size) == FW_OK;
}

/* The slot of an id, or how many there are. */
static uint16_t find(const fw_device_t *device, uint8_t leg, const fw_text_t *id)
{
  uint16_t slot;
  for (slot = 0; slot < device->memory.count; slot++) {
    const fw_remembered_t *head = &device->memory.remembered[slot];
    if (state_of(device, slot) != FW_SLOT_FREE && head->id == id->length && leg_of(device, slot) == leg &&
        fw_equal(texts_of(device, slot), id->data, id->length))
      break;
  }
  return slot;
}

/* A slot for a new id, or how many there are: nothing is forgotten before its time (C-3). */
static uint16_t take_slot(fw_device_t *device, const fw_text_t *id, uint32_t hash)
{
  uint16_t slot, old = device->memory.count;
  for (slot = 0; slot < device->memory.count; slot++) {
    const fw_remembered_t *head = &device->memory.remembered[slot];
    const uint8_t state = head->state;
    const bool proven = (state & FW_SLOT_PROVEN) != 0 || (device->transport->capabilities & FW_CAN_PUBLISH_DONE) == 0;
    if ((state & FW_SLOT_STATE) == FW_SLOT_FREE) break;
    if ((state & (FW_SLOT_STATE | FW_SLOT_SAY | FW_SLOT_SENT)) == FW_SLOT_DONE && proven &&
        age(device, head->at) >= lanes[request_lane(leg_of(device, slot))].retention_ms && !is_held(device, slot) &&
        (old == device->memory.count || age(device, head->at) > age(device, device->memory.remembered[old].at)))
      old = slot;
  }
  if (slot == device->memory.count) slot = old;
  if (slot < device->memory.count) {
    fw_remembered_t *head = &device->memory.remembered[slot];
    uint8_t *texts = texts_of(device, slot);
    head->hash = hash;
    head->at = device->now;
    head->reply = 0;
    head->id = (uint8_t)id->length;
    head->state = FW_SLOT_WAITS;
    fw_blank(texts, DEVICE_ID_MAX);
    fw_move(texts, id->data, id->length);
  }
  return slot;
}

/* Frees a slot of something that never began. */
static void free_slot(fw_device_t *device, uint16_t slot)
{
  device->memory.remembered[slot].state = FW_SLOT_FREE;
}

/* How many slots of a lane are in a state. */
static uint16_t count_of(const fw_device_t *device, uint8_t lane, uint8_t state)
{
  uint16_t slot, sum = 0;
  for (slot = 0; slot < device->memory.count; slot++)
    if (state_of(device, slot) == state && request_lane(leg_of(device, slot)) == lane) sum++;
  return sum;
}

/* What was published now is sent after the acknowledgements of all that is remembered: its own answer proves them. */
static void prove(fw_device_t *device, uint16_t token)
{
  uint16_t slot;
  if (device->fence != 0) return;
  for (slot = 0; slot < device->memory.count; slot++) {
    fw_remembered_t *head = &device->memory.remembered[slot];
    if ((head->state & FW_SLOT_STATE) == FW_SLOT_FREE || (head->state & FW_SLOT_PROVEN) != 0 || is_held(device, slot))
      continue;
    head->state = (uint8_t)(head->state | FW_SLOT_PROVING);
    device->fence = token;
  }
}

/*
 * The id within a request that is JSON as far as it can be followed, but does not fit the contract: the text of the
 * outermost "name". False where there is none, or where it has an escape.
 */
static bool id_within(const uint8_t *at, size_t length, const char *name, fw_text_t *id)
{
  const uint8_t *end = at + length;
  const size_t size = fw_text(name).length;
  unsigned depth = 0;
  bool key = false, mine = false;
  while (at < end) {
    const uint8_t octet = *at++;
    if (octet == '{' || octet == '[') {
      depth++;
      key = octet == '{';
      mine = false;
    } else if (octet == '}' || octet == ']') {
      if (depth == 0) return false;
      depth--;
      key = false;
    } else if (octet == ',') {
      key = true;
      mine = false;
    } else if (octet == ':') {
      key = false;
    } else if (octet == '"') {
      const uint8_t *from = at;
      bool escaped = false;
      while (at < end && *at != '"') {
        if (*at == '\\') {
          escaped = true;
          at++;
        }
        if (at < end) at++;
      }
      if (at >= end) return false;
      if (depth == 1 && key) {
        mine = !escaped && (size_t)(at - from) == size && fw_equal(from, name, size);
      } else if (depth == 1 && mine) {
        id->data = (const char *)from;
        id->length = (size_t)(at - from);
        return !escaped && id->length > 0 && id->length <= DEVICE_ID_MAX;
      }
      at++;
    }
  }
  return false;
}
`
