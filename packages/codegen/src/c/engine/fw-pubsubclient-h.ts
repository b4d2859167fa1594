/** The adapter `fw_pubsubclient.h`. */
export const FW_PUBSUBCLIENT_H = String.raw`#ifndef FW_PUBSUBCLIENT_H
#define FW_PUBSUBCLIENT_H

/*
 * A device on PubSubClient 2.8 (Arduino). C++.
 *
 * Can: subscribeQos (0 and 1). Cannot: publishQos (it publishes at QoS 0 only), manualAck, publishDone, mqtt5. A reply
 * that the network loses is said again when its command comes again.
 *
 * PubSubClient's buffer must hold the longest packet: call setBufferSize before; what is longer it drops.
 */

#include <Arduino.h>
#include <PubSubClient.h>
#include <string.h>

#include "fw_inbound.h"

/** Octets of the longest will with its end. */
#ifndef FW_PUBSUBCLIENT_WILL
#define FW_PUBSUBCLIENT_WILL 160
#endif

/** Seconds that the library may wait for an answer of the broker. Nothing else is done meanwhile, the safe action neither. */
#ifndef FW_PUBSUBCLIENT_PATIENCE
#define FW_PUBSUBCLIENT_PATIENCE 1
#endif

/** One connection. Set to zero before fw_pubsubclient_open. */
typedef struct {
  PubSubClient *client;
  fw_device_t *device;
  const char *client_id;
  /** NULL where the broker asks for none. */
  const char *user;
  const char *password;
  bool clean;
  bool open;
} fw_pubsubclient_t;

static fw_pubsubclient_t *fw_pubsubclient_only;

/*
 * Whether a message was retained. The callback is not told, but PubSubClient 2.8 leaves the packet in its buffer: in front
 * of the topic stand one octet that it moved the topic by, the remaining length and the first octet of the packet. Where
 * they do not fit each other, the message counts as retained: a command is then not run (C-14).
 */
static inline bool fw_pubsubclient_retained(const char *topic, size_t topic_length, size_t length)
{
  uint8_t octets;
  for (octets = 1; octets <= 4; octets++) {
    const uint8_t *first = (const uint8_t *)topic - 2 - octets;
    size_t remaining = 0;
    uint8_t i;
    if ((*first & 0xf0u) != 0x30u) continue;
    for (i = octets; i > 0; i--) remaining = remaining << 7 | (first[i] & 0x7fu);
    if (remaining == 2 + topic_length + ((*first & 6u) != 0 ? 2u : 0u) + length) return (*first & 1u) != 0;
  }
  return true;
}

static inline void fw_pubsubclient_heard(char *topic, uint8_t *payload, unsigned int length)
{
  const size_t topic_length = strlen(topic);
  fw_on_message(fw_pubsubclient_only->device, topic, topic_length, payload, length, 0, length,
                fw_pubsubclient_retained(topic, topic_length, length));
}

static inline fw_status_t fw_pubsubclient_connect(void *ctx, const fw_will_t *will)
{
  fw_pubsubclient_t *link = (fw_pubsubclient_t *)ctx;
  /* The library takes the will as a C string; a payload of JSON has no NUL. */
  char text[FW_PUBSUBCLIENT_WILL];
  int state;
  if (will->length >= sizeof text) return FW_SPACE;
  memcpy(text, will->payload, will->length);
  text[will->length] = 0;
  link->open = link->client->connect(link->client_id, link->user, link->password, will->topic, will->qos, will->retain,
                                     text, link->clean);
  if (link->open) {
    /* Session present is not told: what may be lost is said again. */
    fw_on_connack(link->device, false);
    return FW_OK;
  }
  state = link->client->state();
  if (state > 0) fw_on_refused(link->device, (uint8_t)state);
  else fw_on_lost(link->device);
  return FW_OK;
}

static inline void fw_pubsubclient_disconnect(void *ctx)
{
  fw_pubsubclient_t *link = (fw_pubsubclient_t *)ctx;
  if (link->open) link->client->disconnect();
  link->open = false;
}

static inline fw_status_t fw_pubsubclient_publish(void *ctx, const char *topic, const uint8_t *payload, size_t length,
                                                  uint8_t qos, bool retain, uint16_t token)
{
  fw_pubsubclient_t *link = (fw_pubsubclient_t *)ctx;
  (void)qos;
  if (!link->open || !link->client->publish(topic, payload, (unsigned int)length, retain)) return FW_OFFLINE;
  fw_on_published(link->device, token);
  return FW_OK;
}

static inline fw_status_t fw_pubsubclient_subscribe(void *ctx, const char *filter, uint8_t qos, uint16_t token)
{
  fw_pubsubclient_t *link = (fw_pubsubclient_t *)ctx;
  if (!link->open || !link->client->subscribe(filter, qos > 1 ? 1 : qos)) return FW_OFFLINE;
  /* SUBACK is not told. The broker works through packets in order: what is published next finds the subscription. */
  fw_on_published(link->device, token);
  return FW_OK;
}

static inline uint32_t fw_pubsubclient_now_ms(void *ctx)
{
  (void)ctx;
  return (uint32_t)millis();
}

/** Set fw_device_t.transport to this, and ctx to the fw_pubsubclient_t. */
static const fw_transport_t fw_pubsubclient_transport = {fw_pubsubclient_connect, fw_pubsubclient_disconnect,
                                                         fw_pubsubclient_publish, fw_pubsubclient_subscribe,
                                                         fw_pubsubclient_now_ms,  0,
#if FW_MANUAL_ACK
                                                         NULL
#endif
};

/** Binds a client whose server is set. One device for each program: the library's callback names no client. */
static inline void fw_pubsubclient_open(fw_pubsubclient_t *link, fw_device_t *device, PubSubClient *client,
                                        const char *client_id, bool clean)
{
  link->client = client;
  link->device = device;
  link->client_id = client_id;
  link->clean = clean;
  fw_pubsubclient_only = link;
  client->setSocketTimeout(FW_PUBSUBCLIENT_PATIENCE);
  client->setCallback(fw_pubsubclient_heard);
}

/** Lets the library work. To be called between ticks. */
static inline void fw_pubsubclient_poll(fw_pubsubclient_t *link)
{
  if (!link->open || link->client->loop()) return;
  link->open = false;
  fw_on_lost(link->device);
}

#endif
`
