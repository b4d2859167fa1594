#ifndef FW_COREMQTT_H
#define FW_COREMQTT_H

/*
 * A device on coreMQTT 1.x, with any network that has a receive and a send function; one thread, MQTT 3.1.1.
 *
 * Can: publishDone, publishQos (0 and 1), subscribeQos. Cannot: manualAck (the library acknowledges when the callback
 * has returned), mqtt5. The library keeps no copy of what it sends: what was not acknowledged when the connection was
 * lost, the device says again.
 *
 * Set MQTT_RECV_POLLING_TIMEOUT_MS to as long as the network may fall silent within a packet; 10 ms is the library's own.
 *
 * With coreMQTT 2.x, give MQTT_InitStatefulQoS its records behind MQTT_Init, and MQTT_ProcessLoop no second argument.
 */

#include <core_mqtt.h>
#include <string.h>

#include "fw_inbound.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Publishes and subscriptions that may wait for the broker at once: as many as the library has records for. */
#define FW_COREMQTT_IN_FLIGHT MQTT_STATE_ARRAY_MAX_COUNT

/** One connection. Set to zero, then given "client_id", "network", "open", "close", "now_ms" and "buffer". */
typedef struct {
  /* First: the library's callback is told nothing else. */
  MQTTContext_t context;
  fw_device_t *device;
  const char *client_id;
  /** NULL where the broker asks for none. */
  const char *user;
  const char *password;
  /** What the library receives and sends with. */
  TransportInterface_t network;
  /** Opens the connection of "network"; false: it cannot be had now. */
  bool (*open)(NetworkContext_t *network);
  void (*close)(NetworkContext_t *network);
  /** Milliseconds of a clock that never goes back. */
  MQTTGetCurrentTimeFunc_t now_ms;
  /**
   * For the longest packet that the broker lets through: of a longer one the library rids itself only by losing the
   * connection, after which the broker sends it again.
   */
  MQTTFixedBuffer_t buffer;
  /** Seconds. */
  uint16_t keep_alive;
  /** The broker keeps nothing of this device between connections. */
  bool clean;
  bool is_open;
  /** Milliseconds that the broker may take to answer CONNECT. */
  uint32_t connect_ms;
  struct {
    uint16_t packet;
    uint16_t token;
    /* A reply of the former connection. */
    bool former;
  } in_flight[FW_COREMQTT_IN_FLIGHT];
} fw_coremqtt_t;

static inline uint16_t fw_coremqtt_length(const char *text)
{
  return text == NULL ? 0 : (uint16_t)strlen(text);
}

static inline void fw_coremqtt_shut(fw_coremqtt_t *link)
{
  if (link->is_open) link->close(link->network.pNetworkContext);
  link->is_open = false;
}

static inline void fw_coremqtt_heard(struct MQTTContext *context, struct MQTTPacketInfo *packet,
                                     struct MQTTDeserializedInfo *info)
{
  fw_coremqtt_t *link = (fw_coremqtt_t *)(void *)context;
  int i;
  if ((packet->type & 0xf0u) == MQTT_PACKET_TYPE_PUBLISH) {
    const MQTTPublishInfo_t *message = info->pPublishInfo;
    fw_on_message(link->device, message->pTopicName, message->topicNameLength, (const uint8_t *)message->pPayload,
                  message->payloadLength, 0, message->payloadLength, message->retain);
    return;
  }
  if (packet->type != MQTT_PACKET_TYPE_PUBACK && packet->type != MQTT_PACKET_TYPE_SUBACK) return;
  for (i = 0; i < (int)FW_COREMQTT_IN_FLIGHT; i++) {
    if (link->in_flight[i].packet != info->packetIdentifier || info->packetIdentifier == 0) continue;
    link->in_flight[i].packet = 0;
    /* A subscription that was refused is never confirmed: the device does not become ready. */
    if (info->deserializationResult == MQTTSuccess) fw_on_published(link->device, link->in_flight[i].token);
    return;
  }
}

static inline fw_status_t fw_coremqtt_connect(void *ctx, const fw_will_t *will)
{
  fw_coremqtt_t *link = (fw_coremqtt_t *)ctx;
  MQTTConnectInfo_t info;
  MQTTPublishInfo_t last;
  MQTTStatus_t status;
  uint16_t next = link->context.nextPacketId;
  bool present = false;
  int i;
  fw_coremqtt_shut(link);
  for (i = 0; i < (int)FW_COREMQTT_IN_FLIGHT; i++) {
    if (link->in_flight[i].former || link->in_flight[i].token >= FW_TOKEN_PLAIN) link->in_flight[i].packet = 0;
    link->in_flight[i].former = link->in_flight[i].packet != 0;
  }
  if (!link->open(link->network.pNetworkContext)) {
    fw_on_lost(link->device);
    return FW_OK;
  }
  link->is_open = true;
  memset(&info, 0, sizeof info);
  info.cleanSession = link->clean;
  info.keepAliveSeconds = link->keep_alive;
  info.pClientIdentifier = link->client_id;
  info.clientIdentifierLength = fw_coremqtt_length(link->client_id);
  info.pUserName = link->user;
  info.userNameLength = fw_coremqtt_length(link->user);
  info.pPassword = link->password;
  info.passwordLength = fw_coremqtt_length(link->password);
  memset(&last, 0, sizeof last);
  last.qos = (MQTTQoS_t)will->qos;
  last.retain = will->retain;
  last.pTopicName = will->topic;
  last.topicNameLength = fw_coremqtt_length(will->topic);
  last.pPayload = will->payload;
  last.payloadLength = will->length;
  /* Anew each time: records of publishes that nobody will acknowledge would fill the library's memory. */
  status = MQTT_Init(&link->context, &link->network, link->now_ms, fw_coremqtt_heard, &link->buffer);
  if (status == MQTTSuccess && next != 0) link->context.nextPacketId = next;
  if (status == MQTTSuccess)
    status = MQTT_Connect(&link->context, &info, &last, link->connect_ms == 0 ? 5000u : link->connect_ms, &present);
  if (status == MQTTSuccess) {
    for (i = 0; i < (int)FW_COREMQTT_IN_FLIGHT && !present; i++) link->in_flight[i].packet = 0;
    /* Also where it is there: the device says again what was not acknowledged, which the library does not. */
    fw_on_connack(link->device, false);
    return FW_OK;
  }
  fw_coremqtt_shut(link);
  /* The library has CONNACK's two octets in its buffer; the second one says why. */
  if (status == MQTTServerRefused) fw_on_refused(link->device, link->buffer.pBuffer[1]);
  else fw_on_lost(link->device);
  return FW_OK;
}

static inline void fw_coremqtt_disconnect(void *ctx)
{
  fw_coremqtt_t *link = (fw_coremqtt_t *)ctx;
  if (link->is_open) (void)MQTT_Disconnect(&link->context);
  fw_coremqtt_shut(link);
}

/* The place of a reply that the broker may have had before; -1 where it is none. */
static inline int fw_coremqtt_former(fw_coremqtt_t *link, uint16_t token)
{
  int i;
  for (i = 0; i < (int)FW_COREMQTT_IN_FLIGHT; i++) {
    if (!link->in_flight[i].former || link->in_flight[i].packet == 0 || link->in_flight[i].token != token) continue;
    link->in_flight[i].former = false;
    return i;
  }
  return -1;
}

/* A free place in the list of what waits; -1 where there is none. */
static inline int fw_coremqtt_entry(fw_coremqtt_t *link, uint16_t token)
{
  int i;
  for (i = 0; i < (int)FW_COREMQTT_IN_FLIGHT; i++) {
    if (link->in_flight[i].packet != 0) continue;
    link->in_flight[i].packet = MQTT_GetPacketId(&link->context);
    link->in_flight[i].token = token;
    link->in_flight[i].former = false;
    return i;
  }
  return -1;
}

static inline fw_status_t fw_coremqtt_publish(void *ctx, const char *topic, const uint8_t *payload, size_t length,
                                              uint8_t qos, bool retain, uint16_t token)
{
  fw_coremqtt_t *link = (fw_coremqtt_t *)ctx;
  MQTTPublishInfo_t message;
  int entry = 0;
  if (!link->is_open) return FW_OFFLINE;
  memset(&message, 0, sizeof message);
  message.qos = qos == 0 ? MQTTQoS0 : MQTTQoS1;
  message.retain = retain;
  message.pTopicName = topic;
  message.topicNameLength = fw_coremqtt_length(topic);
  message.pPayload = payload;
  message.payloadLength = length;
  if (qos == 0) {
    if (MQTT_Publish(&link->context, &message, 0) != MQTTSuccess) return FW_OFFLINE;
    fw_on_published(link->device, token);
    return FW_OK;
  }
  entry = fw_coremqtt_former(link, token);
  message.dup = entry >= 0;
  if (entry < 0) entry = fw_coremqtt_entry(link, token);
  if (entry < 0) return FW_OFFLINE;
  if (MQTT_Publish(&link->context, &message, link->in_flight[entry].packet) == MQTTSuccess) return FW_OK;
  link->in_flight[entry].packet = 0;
  return FW_OFFLINE;
}

static inline fw_status_t fw_coremqtt_subscribe(void *ctx, const char *filter, uint8_t qos, uint16_t token)
{
  fw_coremqtt_t *link = (fw_coremqtt_t *)ctx;
  MQTTSubscribeInfo_t wanted;
  const int entry = link->is_open ? fw_coremqtt_entry(link, token) : -1;
  if (entry < 0) return FW_OFFLINE;
  memset(&wanted, 0, sizeof wanted);
  wanted.qos = (MQTTQoS_t)qos;
  wanted.pTopicFilter = filter;
  wanted.topicFilterLength = fw_coremqtt_length(filter);
  if (MQTT_Subscribe(&link->context, &wanted, 1, link->in_flight[entry].packet) == MQTTSuccess) return FW_OK;
  link->in_flight[entry].packet = 0;
  return FW_OFFLINE;
}

static inline uint32_t fw_coremqtt_now_ms(void *ctx)
{
  return ((fw_coremqtt_t *)ctx)->now_ms();
}

/** Set fw_device_t.transport to this, and ctx to the fw_coremqtt_t. */
static const fw_transport_t fw_coremqtt_transport = {
    fw_coremqtt_connect, fw_coremqtt_disconnect, fw_coremqtt_publish, fw_coremqtt_subscribe, fw_coremqtt_now_ms,
    FW_CAN_PUBLISH_DONE | FW_CAN_PUBLISH_QOS | FW_CAN_SUBSCRIBE_DONE,
#if FW_MANUAL_ACK
    NULL
#endif
};

/** Lets the library work. To be called between ticks. */
static inline void fw_coremqtt_poll(fw_coremqtt_t *link)
{
  MQTTStatus_t status;
  if (!link->is_open) return;
  status = MQTT_ProcessLoop(&link->context, 0);
  if (status == MQTTSuccess || status == MQTTNoDataAvailable) return;
  fw_coremqtt_shut(link);
  fw_on_lost(link->device);
}

#ifdef __cplusplus
}
#endif

#endif
