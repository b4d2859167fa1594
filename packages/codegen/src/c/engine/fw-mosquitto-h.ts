/** The adapter `fw_mosquitto.h`. */
export const FW_MOSQUITTO_H = String.raw`#ifndef FW_MOSQUITTO_H
#define FW_MOSQUITTO_H

/*
 * A device on libmosquitto 1.5 and later, on Linux and other systems with sockets; one thread, MQTT 3.1.1.
 *
 * Can: publishDone, publishQos, subscribeQos. Cannot: manualAck (the library acknowledges before it delivers), mqtt5.
 * The library itself sends what was not acknowledged again, with DUP, when the connection is back.
 *
 * Connecting does not wait: a broker that answers nothing holds nothing up, the safe action neither, and the device gives
 * the attempt up after 10 s. What still waits is the look-up of a name; give an address where that must not be. Of a name's
 * addresses the first of IPv4 and the first of IPv6 are tried in turn.
 *
 * Include it in one source file, after feature macros that make clock_gettime known.
 */

#include <mosquitto.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fw_inbound.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Publishes that may be with the library at once. */
#define FW_MOSQUITTO_IN_FLIGHT 32

/** One connection. Set to zero before fw_mosquitto_open. */
typedef struct {
  struct mosquitto *client;
  fw_device_t *device;
  const char *host;
  int port;
  /** Seconds. */
  int keep_alive;
  bool open;
  /* The next attempt goes to an address of IPv6 first. */
  bool ipv6;
  struct {
    int mid;
    uint16_t token;
    bool used;
  } in_flight[FW_MOSQUITTO_IN_FLIGHT];
} fw_mosquitto_t;

static inline void fw_mosquitto_connected(struct mosquitto *client, void *self, int code, int flags)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)self;
  (void)client;
  if (code == 0) {
    /* What worked is what comes next. */
    link->ipv6 = !link->ipv6;
    fw_on_connack(link->device, (flags & 1) != 0);
  } else {
    link->open = false;
    fw_on_refused(link->device, (uint8_t)code);
  }
}

static inline void fw_mosquitto_disconnected(struct mosquitto *client, void *self, int code)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)self;
  (void)client;
  (void)code;
  if (link->open) fw_on_lost(link->device);
  link->open = false;
}

static inline void fw_mosquitto_done(fw_mosquitto_t *link, int mid)
{
  int i;
  for (i = 0; i < FW_MOSQUITTO_IN_FLIGHT; i++) {
    if (!link->in_flight[i].used || link->in_flight[i].mid != mid) continue;
    link->in_flight[i].used = false;
    fw_on_published(link->device, link->in_flight[i].token);
    return;
  }
}

static inline void fw_mosquitto_published(struct mosquitto *client, void *self, int mid)
{
  (void)client;
  fw_mosquitto_done((fw_mosquitto_t *)self, mid);
}

static inline void fw_mosquitto_subscribed(struct mosquitto *client, void *self, int mid, int count, const int *granted)
{
  (void)client;
  /* A subscription that was refused is never confirmed: the device does not become ready. */
  if (count > 0 && granted[0] < 3) fw_mosquitto_done((fw_mosquitto_t *)self, mid);
}

static inline void fw_mosquitto_message(struct mosquitto *client, void *self, const struct mosquitto_message *message)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)self;
  const size_t length = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;
  (void)client;
  fw_on_message(link->device, message->topic, strlen(message->topic), (const uint8_t *)message->payload, length, 0, length,
                message->retain);
}

/*
 * Begins to connect. A local address of one family leaves out addresses of the other; it is given each time, since
 * libmosquitto 2.0.11 looks at a former one that it has released when there is none.
 */
static inline bool fw_mosquitto_reach(fw_mosquitto_t *link)
{
  return mosquitto_connect_bind_async(link->client, link->host, link->port, link->keep_alive,
                                      link->ipv6 ? "::" : "0.0.0.0") == MOSQ_ERR_SUCCESS;
}

static inline fw_status_t fw_mosquitto_connect(void *ctx, const fw_will_t *will)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)ctx;
  int i;
  /* Subscriptions of the former connection are never answered. */
  for (i = 0; i < FW_MOSQUITTO_IN_FLIGHT; i++)
    if (link->in_flight[i].token >= FW_TOKEN_PLAIN) link->in_flight[i].used = false;
  if (mosquitto_will_set(link->client, will->topic, (int)will->length, will->payload, will->qos, will->retain) !=
      MOSQ_ERR_SUCCESS)
    return FW_OFFLINE;
  link->open = fw_mosquitto_reach(link);
  if (!link->open) {
    link->ipv6 = !link->ipv6;
    link->open = fw_mosquitto_reach(link);
  }
  link->ipv6 = !link->ipv6;
  return link->open ? FW_OK : FW_OFFLINE;
}

static inline void fw_mosquitto_disconnect(void *ctx)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)ctx;
  const bool was = link->open;
  link->open = false;
  if (was) {
    (void)mosquitto_disconnect(link->client);
    (void)mosquitto_loop(link->client, 0, 1);
  }
}

static inline int fw_mosquitto_entry(fw_mosquitto_t *link, uint16_t token)
{
  int i;
  for (i = 0; i < FW_MOSQUITTO_IN_FLIGHT; i++) {
    if (link->in_flight[i].used) continue;
    link->in_flight[i].used = true;
    link->in_flight[i].token = token;
    link->in_flight[i].mid = 0;
    return i;
  }
  return -1;
}

static inline fw_status_t fw_mosquitto_publish(void *ctx, const char *topic, const uint8_t *payload, size_t length,
                                               uint8_t qos, bool retain, uint16_t token)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)ctx;
  const int entry = link->open ? fw_mosquitto_entry(link, token) : -1;
  if (entry < 0) return FW_OFFLINE;
  if (mosquitto_publish(link->client, &link->in_flight[entry].mid, topic, (int)length, payload, qos, retain) ==
      MOSQ_ERR_SUCCESS)
    return FW_OK;
  link->in_flight[entry].used = false;
  return FW_OFFLINE;
}

static inline fw_status_t fw_mosquitto_subscribe(void *ctx, const char *filter, uint8_t qos, uint16_t token)
{
  fw_mosquitto_t *link = (fw_mosquitto_t *)ctx;
  const int entry = link->open ? fw_mosquitto_entry(link, token) : -1;
  if (entry < 0) return FW_OFFLINE;
  if (mosquitto_subscribe(link->client, &link->in_flight[entry].mid, filter, qos) == MOSQ_ERR_SUCCESS) return FW_OK;
  link->in_flight[entry].used = false;
  return FW_OFFLINE;
}

static inline uint32_t fw_mosquitto_now_ms(void *ctx)
{
  struct timespec now;
  (void)ctx;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

/** Set fw_device_t.transport to this, and ctx to the fw_mosquitto_t. */
static const fw_transport_t fw_mosquitto_transport = {
    fw_mosquitto_connect, fw_mosquitto_disconnect, fw_mosquitto_publish, fw_mosquitto_subscribe, fw_mosquitto_now_ms,
    FW_CAN_PUBLISH_DONE | FW_CAN_PUBLISH_QOS | FW_CAN_SUBSCRIBE_DONE,
#if FW_MANUAL_ACK
    NULL
#endif
};

/**
 * Makes the client; nothing is connected yet. "host" must stay where it is. "clean": the broker keeps nothing of this
 * device between connections. False: there is no memory, or the id is none.
 *
 * TLS, user and password: mosquitto_tls_set and mosquitto_username_pw_set on "client" afterwards.
 */
static inline bool fw_mosquitto_open(fw_mosquitto_t *link, fw_device_t *device, const char *client_id, const char *host,
                                     int port, int keep_alive, bool clean)
{
  link->device = device;
  link->host = host;
  link->port = port;
  link->keep_alive = keep_alive;
  mosquitto_lib_init();
  link->client = mosquitto_new(client_id, clean, link);
  if (link->client == NULL) return false;
  mosquitto_connect_with_flags_callback_set(link->client, fw_mosquitto_connected);
  mosquitto_disconnect_callback_set(link->client, fw_mosquitto_disconnected);
  mosquitto_publish_callback_set(link->client, fw_mosquitto_published);
  mosquitto_subscribe_callback_set(link->client, fw_mosquitto_subscribed);
  mosquitto_message_callback_set(link->client, fw_mosquitto_message);
  return true;
}

/** Waits up to "wait_ms" for the network and lets the library work. To be called between ticks. */
static inline void fw_mosquitto_poll(fw_mosquitto_t *link, int wait_ms)
{
  if (link->open) {
    if (mosquitto_loop(link->client, wait_ms, 1) == MOSQ_ERR_SUCCESS) return;
    if (link->open) fw_on_lost(link->device);
    link->open = false;
  } else {
    struct timespec pause;
    pause.tv_sec = wait_ms / 1000;
    pause.tv_nsec = (long)(wait_ms % 1000) * 1000000L;
    nanosleep(&pause, NULL);
  }
}

/** Releases the client. */
static inline void fw_mosquitto_close(fw_mosquitto_t *link)
{
  if (link->client != NULL) mosquitto_destroy(link->client);
  link->client = NULL;
  mosquitto_lib_cleanup();
}

#ifdef __cplusplus
}
#endif

#endif
`
