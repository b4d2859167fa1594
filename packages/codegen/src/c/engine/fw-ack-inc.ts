/** The engine's `fw_ack.inc`: when a message is acknowledged, in builds where the device says so. */
export const FW_ACK_INC = String.raw`/*
 * Acknowledgements (C-6, M-2): of a request once its reply was acknowledged or its beginning is in the store, of a
 * configuration once it is applied and kept, of everything else when it has been looked at, a refusal right behind its
 * answer. They leave in the order of receipt. Where FW_MANUAL_ACK is 0, none of this does anything.
 */

#if FW_MANUAL_ACK

/* True where a request that this slot remembers may come again on this connection: it is not acknowledged. */
static bool is_held(const fw_device_t *device, uint16_t slot)
{
  uint16_t i;
  for (i = 0; i < device->held_count; i++)
    if (device->held[i].slot == slot + 1u) return true;
  return false;
}

/* A request waits for the reply of its slot. */
static void hold_for(fw_device_t *device, const fw_record_t *record, uint16_t slot)
{
  const uint16_t at = fw_held_at(device, record->held);
  if (at < device->held_count) device->held[at].slot = (uint16_t)(slot + 1u);
}

/* What waits for the reply of a slot waits no longer. */
static void let_go(fw_device_t *device, uint16_t slot)
{
  uint16_t i;
  for (i = 0; i < device->held_count; i++)
    if (device->held[i].slot == slot + 1u) device->held[i].released = true;
}

/* A message leaves the inbox: unless it is a request with a slot, that is all. */
static void settle(fw_device_t *device, const fw_record_t *record)
{
  const uint16_t at = fw_held_at(device, record->held);
  if (at < device->held_count && device->held[at].slot == 0) device->held[at].released = true;
}

static bool is_due(const fw_device_t *device, const fw_held_t *held)
{
  if (held->released) return true;
  return held->slot != 0 && (device->memory.remembered[held->slot - 1u].state &
                             (FW_SLOT_STATE | FW_SLOT_SAY | FW_SLOT_SENT)) == FW_SLOT_DONE;
}

/* Acknowledges what may be, the oldest first. At half a window the oldest no longer waits: a stop comes first (C-8). */
static void acknowledge(fw_device_t *device)
{
  if (device->phase < FW_SUBSCRIBING || device->phase > FW_LEAVING || (device->events & FW_EVENT_LOST) != 0) return;
  while (device->held_count > 0 && (device->held_count >= FW_ACK_WINDOW / 2 || is_due(device, &device->held[0]))) {
    if (device->transport->ack(device->ctx, device->held[0].token) != FW_OK) return;
    device->held_count--;
    device->left++;
    fw_move(&device->held[0], &device->held[1], device->held_count * sizeof device->held[0]);
  }
}

/* Before a new connection: the tokens of the former one are void, and the broker sends again what they stood for. */
static void forget_held(fw_device_t *device)
{
  device->left += device->held_count;
  device->held_count = 0;
}

/* More came than the window has room for: closing the connection makes the broker send it again. */
static bool is_untaken(const fw_device_t *device)
{
  return (device->events & FW_EVENT_UNTAKEN) != 0;
}

#else

#define is_held(device, slot) false
#define hold_for(device, record, slot) ((void)0)
#define let_go(device, slot) ((void)0)
#define settle(device, record) ((void)0)
#define acknowledge(device) ((void)0)
#define forget_held(device) ((void)0)
#define is_untaken(device) false

#endif
`
