/** The engine's `fw_inbound.h`: what an adapter calls. */
export const FW_INBOUND_H = String.raw`#ifndef FW_INBOUND_H
#define FW_INBOUND_H

/*
 * What an adapter tells a device. All of it may be called from inside the client library's callbacks: it notes what
 * happened, and nothing is published before the next tick.
 */

#include "fw_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What the C library has too. There it is made for speed: on a Cortex-M4 its copies take more flash than presence,
 * configuration or the inbox of this engine.
 */
#if defined(__GNUC__)
#define FW_ONCE __attribute__((noinline, unused))
#else
#define FW_ONCE
#endif

/* Copies octets, the first one first: "to" may lie before "from" in the same memory. */
static FW_ONCE void fw_move(void *to, const void *from, size_t length)
{
  volatile uint8_t *out = (volatile uint8_t *)to;
  const uint8_t *in = (const uint8_t *)from;
  for (; length != 0; length--) *out++ = *in++;
}

static FW_ONCE void fw_blank(void *what, size_t length)
{
  volatile uint8_t *out = (volatile uint8_t *)what;
  for (; length != 0; length--) *out++ = 0;
}

static FW_ONCE bool fw_equal(const void *one, const void *other, size_t length)
{
  const uint8_t *a = (const uint8_t *)one;
  const uint8_t *b = (const uint8_t *)other;
  for (; length != 0; length--) {
    if (*a++ != *b++) return false;
  }
  return true;
}

/* A record of the inbox: this, the topic, the payload. */
typedef struct {
  uint32_t at;
  uint16_t size;
  uint16_t slot;
  uint16_t topic;
  uint8_t leg;
  uint8_t flags;
#if FW_MANUAL_ACK
  /* Its number among those that are acknowledged by the device; one that has left where it is none of them. */
  uint32_t held;
#endif
} fw_record_t;

#define FW_RECORD_RETAINED 1u
/* Its payload was too long to be kept. */
#define FW_RECORD_OVERSIZE 2u
#define FW_RECORD_WAITS 4u
#define FW_RECORD_DONE 8u

/* State of a remembered command. */
#define FW_SLOT_FREE 0u
#define FW_SLOT_WAITS 1u
#define FW_SLOT_RUNS 2u
#define FW_SLOT_DONE 3u
#define FW_SLOT_STATE 3u
/* Its reply is to be said. */
#define FW_SLOT_SAY 4u
/* Its reply is with the client library. */
#define FW_SLOT_SENT 8u
/* The broker is about to prove, or has proven, that it will not send the request again. */
#define FW_SLOT_PROVING 16u
#define FW_SLOT_PROVEN 32u

/* The broker has its reply, and the store does not know it yet; and it does. */
#define FW_SLOT_TOLD 64u
#define FW_SLOT_TOLD_KEPT 128u

#define FW_TOKEN_PLAIN 0xff00u
#define FW_TOKEN_ONLINE 0xff01u
#define FW_TOKEN_OFFLINE 0xff02u
#define FW_TOKEN_REPORT 0xff03u
#define FW_TOKEN_SUBSCRIBE 0xff04u
#define FW_TOKEN_PROOF 0xff05u

#define FW_EVENT_CONNECTED 1u
#define FW_EVENT_LOST 2u
#define FW_EVENT_PRESENT 4u
#define FW_EVENT_GREETED 8u
#define FW_EVENT_LEFT 16u
#define FW_EVENT_OVERFLOW 32u
#define FW_EVENT_REFUSED 64u
#define FW_EVENT_UNTAKEN 128u

/** CONNACK came and says that the connection stands. */
static inline void fw_on_connack(fw_device_t *device, bool session_present)
{
  device->events =
      (uint8_t)(device->events | FW_EVENT_CONNECTED | (session_present ? (unsigned)FW_EVENT_PRESENT : 0u));
}

/** The connection is lost, was refused, or could not be made. */
static inline void fw_on_lost(fw_device_t *device)
{
  device->events = (uint8_t)((device->events & ~(FW_EVENT_CONNECTED | FW_EVENT_PRESENT)) | FW_EVENT_LOST);
}

/** CONNACK came and refused: with this return code of MQTT 3.1.1. Only 3, "server unavailable", may change by itself. */
static inline void fw_on_refused(fw_device_t *device, uint8_t code)
{
  fw_on_lost(device);
  if (code != 3) device->events = (uint8_t)(device->events | FW_EVENT_REFUSED);
}

/** The broker has acknowledged what was published or subscribed with this token. */
static inline void fw_on_published(fw_device_t *device, uint16_t token)
{
  uint16_t i;
  if (token == FW_TOKEN_SUBSCRIBE) device->subscribed++;
  if (token == FW_TOKEN_ONLINE) device->events = (uint8_t)(device->events | FW_EVENT_GREETED);
  if (token == FW_TOKEN_OFFLINE) device->events = (uint8_t)(device->events | FW_EVENT_LEFT);
  if (token != 0 && token <= device->memory.count) {
    fw_remembered_t *slot = &device->memory.remembered[token - 1];
    if ((slot->state & FW_SLOT_SENT) != 0) slot->state = (uint8_t)((slot->state & ~FW_SLOT_SENT) | FW_SLOT_TOLD);
  }
  if (token == device->fence && token != 0) {
    for (i = 0; i < device->memory.count; i++) {
      fw_remembered_t *slot = &device->memory.remembered[i];
      if ((slot->state & FW_SLOT_PROVING) != 0)
        slot->state = (uint8_t)((slot->state & ~FW_SLOT_PROVING) | FW_SLOT_PROVEN);
    }
    device->fence = 0;
  }
}

/**
 * A message, or a part of one: "length" octets that stand "offset" octets behind its beginning, of "total". Parts of one
 * message come in order and without another message between them; "topic" is looked at in the first part only.
 */
static inline void fw_on_message(fw_device_t *device, const char *topic, size_t topic_length, const uint8_t *payload,
                                 size_t length, size_t offset, size_t total, bool retained)
{
  fw_record_t record;
  uint8_t *inbox = device->memory.inbox;
  size_t room = device->memory.inbox_size - device->used;
  if (offset == 0) {
    size_t size = sizeof record + topic_length;
    device->arriving = 0;
    if (topic_length > 0xffffu || room < size) {
      device->counters.dropped++;
      device->events = (uint8_t)(device->events | FW_EVENT_OVERFLOW);
      return;
    }
    record.at = device->transport->now_ms(device->ctx);
    record.slot = 0;
    record.leg = 0;
    record.flags = retained ? FW_RECORD_RETAINED : 0;
    record.topic = (uint16_t)topic_length;
#if FW_MANUAL_ACK
    record.held = device->holding;
#endif
    if (total > 0xffffu || size + total > 0xffffu || size + total > room) {
      record.flags = (uint8_t)(record.flags | FW_RECORD_OVERSIZE);
      record.size = (uint16_t)size;
      fw_move(inbox + device->used, &record, sizeof record);
      fw_move(inbox + device->used + sizeof record, topic, topic_length);
      device->used += size;
      return;
    }
    record.size = (uint16_t)(size + total);
    fw_move(inbox + device->used, &record, sizeof record);
    fw_move(inbox + device->used + sizeof record, topic, topic_length);
    device->arriving = size;
  }
  if (device->arriving == 0) return;
  fw_move(&record, inbox + device->used, sizeof record);
  if (offset != device->arriving - sizeof record - record.topic || length > record.size - device->arriving) {
    /* Parts out of order: the client library has lost one, and the message is none. */
    device->counters.dropped++;
    device->arriving = 0;
    return;
  }
  if (length > 0) fw_move(inbox + device->used + device->arriving, payload, length);
  device->arriving += length;
  if (device->arriving < record.size) return;
  device->used += record.size;
  device->arriving = 0;
}

#if FW_MANUAL_ACK
/* Where a message stands among those that are held; their count where it is none of them. */
static inline uint16_t fw_held_at(const fw_device_t *device, uint32_t number)
{
  const uint32_t at = number - 1u - device->left;
  return at < device->held_count ? (uint16_t)at : device->held_count;
}

/* A message waits for nothing any more but for those that came before it. */
static inline void fw_release(fw_device_t *device, uint32_t number)
{
  const uint16_t at = fw_held_at(device, number);
  if (at < device->held_count) device->held[at].released = true;
}

/**
 * As fw_on_message, for an adapter with fw_transport_t.ack, which hands everything over by this: the message is not
 * acknowledged until ack is called with "token", such as its packet identifier. 0: there is nothing to acknowledge
 * (QoS 0). In the parts of one message it is the same; that of the first counts. With the connection all tokens end: what
 * was not acknowledged comes again, with another token or with the same.
 */
static inline void fw_on_held_message(fw_device_t *device, const char *topic, size_t topic_length, const uint8_t *payload,
                                      size_t length, size_t offset, size_t total, bool retained, uint16_t token)
{
  const size_t used = device->used;
  if (offset == 0) {
    /* Of the one before not all parts came. */
    fw_release(device, device->holding);
    device->holding = device->left;
    if (token != 0 && device->transport->ack != NULL) {
      if (device->held_count == FW_ACK_WINDOW) {
        device->counters.dropped++;
        device->arriving = 0;
        device->events = (uint8_t)(device->events | FW_EVENT_OVERFLOW | FW_EVENT_UNTAKEN);
        return;
      }
      device->held[device->held_count].token = token;
      device->held[device->held_count].slot = 0;
      device->held[device->held_count].released = false;
      device->held_count++;
      device->holding = device->left + device->held_count;
    }
  }
  fw_on_message(device, topic, topic_length, payload, length, offset, total, retained);
  if (device->arriving != 0) return;
  /* There was no room for it, or a part is missing. */
  if (device->used == used) fw_release(device, device->holding);
  device->holding = device->left;
}
#endif

#ifdef __cplusplus
}
#endif

#endif
`
