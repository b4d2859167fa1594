#ifndef FW_DEVICE_H
#define FW_DEVICE_H

/*
 * A device on MQTT 3.1.1: the seams to a client library and to storage, the memory that the caller gives, and what is
 * counted. The functions of a contract are in its own header; a client library is connected by an adapter.
 *
 * Nothing here allocates. Nothing is published from inside a callback of the client library: what arrives is put into
 * the inbox, and the tick works through it. All functions of one device are called from one thread.
 */

#include "fw_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * 1: the device says itself when a message is acknowledged, through fw_transport_t.ack. In the same way for every file.
 * At 0 the client library acknowledges as it does, and nothing of this is built in.
 */
#ifndef FW_MANUAL_ACK
#define FW_MANUAL_ACK 0
#endif

#if FW_MANUAL_ACK
/**
 * Most messages that the broker sends while none is acknowledged: 20 is Mosquitto's max_inflight_messages. Where the
 * broker sends more, the connection is closed, and what was not taken comes again. At half of it the oldest is
 * acknowledged whatever it waits for, so that a stop is not kept behind it. From 4 on; each takes 6 octets of
 * fw_device_t.
 */
#ifndef FW_ACK_WINDOW
#define FW_ACK_WINDOW 20
#endif
#if FW_ACK_WINDOW < 4
#error "FW_ACK_WINDOW is at least 4"
#endif

/** A message that is not acknowledged yet. */
typedef struct {
  /** The adapter's own. */
  uint16_t token;
  /** The remembered command whose reply it waits for, from 1 on; 0 where there is none. */
  uint16_t slot;
  /** It waits for nothing but those before it. */
  bool released;
} fw_held_t;
#endif

/** What the broker is to say in the device's name when it is lost. Valid until connect returns. */
typedef struct {
  /** C string. */
  const char *topic;
  const uint8_t *payload;
  /** Octets of the payload. */
  size_t length;
  uint8_t qos;
  bool retain;
} fw_will_t;

/** The adapter tells when a publish was acknowledged (QoS 0: written). */
#define FW_CAN_PUBLISH_DONE 1u
/** The adapter publishes at QoS 1 and 2; without it everything goes out at QoS 0. */
#define FW_CAN_PUBLISH_QOS 2u
/** The adapter tells when a subscription was acknowledged. */
#define FW_CAN_SUBSCRIBE_DONE 4u

/**
 * The way to a client library. "ctx" is the adapter's own. Every function returns at once or within the library's own
 * time limit, and returns FW_OK, or FW_OFFLINE where nothing was done.
 */
typedef struct {
  /** Begins to connect, with this will. The answer is fw_on_connack or fw_on_lost. */
  fw_status_t (*connect)(void *ctx, const fw_will_t *will);
  /** Ends the connection in good order: the will is not sent. */
  void (*disconnect)(void *ctx);
  /** Hands over a message; the octets may change afterwards. The answer is fw_on_published with the same token. */
  fw_status_t (*publish)(void *ctx, const char *topic, const uint8_t *payload, size_t length, uint8_t qos, bool retain,
                         uint16_t token);
  /** Subscribes to one filter. The answer is fw_on_published with the same token. */
  fw_status_t (*subscribe)(void *ctx, const char *filter, uint8_t qos, uint16_t token);
  /** Milliseconds of a clock that never goes back, and begins again at 0 after 2^32. */
  uint32_t (*now_ms)(void *ctx);
  /** FW_CAN_... */
  uint8_t capabilities;
#if FW_MANUAL_ACK
  /**
   * Sends PUBACK (QoS 2: PUBREC) for the message that came with this token of fw_on_held_message. Called by the tick, in
   * the order of receipt, once for each; never for a token of a former connection. FW_OFFLINE: it is asked again at the
   * next tick. NULL where the client library acknowledges by itself.
   */
  fw_status_t (*ack)(void *ctx, uint16_t token);
#endif
} fw_transport_t;

/** Storage that outlives a restart, such as NVS or a folder: records by number. Optional. */
typedef struct {
  /** Writes record "key" whole: after a power cut there is the old one or the new one. FW_OK or FW_STORE. */
  fw_status_t (*save)(void *ctx, uint16_t key, const uint8_t *data, size_t length);
  /** Reads record "key" into "buffer". Its octets; 0 where there is none or it does not fit. */
  size_t (*load)(void *ctx, uint16_t key, uint8_t *buffer, size_t size);
} fw_store_t;

/** One remembered command. Its id and its reply are in fw_memory_t.texts. */
typedef struct {
  /** 24 bits that tell a repeated request from another one under the same id; above them the number of the leg. */
  uint32_t hash;
  /** Milliseconds: came, began or ended, whichever was last. */
  uint32_t at;
  uint16_t reply;
  uint8_t id;
  uint8_t state;
} fw_remembered_t;

/** Memory of a device. The contract's macro declares all of it; it belongs to the caller and is never released. */
typedef struct {
  /** Messages that arrived and are not done with, commands that wait among them. */
  uint8_t *inbox;
  size_t inbox_size;
  /** Where a message is read. */
  uint8_t *read;
  size_t read_size;
  /** Where a message is written. */
  uint8_t *write;
  size_t write_size;
  /** Where a topic is written, with the deployment's prefix and an octet for its end. */
  char *topic;
  size_t topic_size;
  /** Commands that are remembered. */
  fw_remembered_t *remembered;
  uint8_t *texts;
  uint16_t count;
  /** Most octets of a remembered reply. */
  uint16_t reply_size;
  /** Two configurations, the device's own and the fleet's; NULL where the contract has none. */
  uint8_t *config;
  uint16_t config_size;
} fw_memory_t;

/** What has been counted since the device was made. */
typedef struct {
  /** Messages that do not fit the contract, and retained commands. */
  uint32_t invalid;
  /** Commands that came again. */
  uint32_t duplicate;
  /** Commands that were too old before they began. */
  uint32_t expired;
  /** Commands that were refused because too much was waiting. */
  uint32_t busy;
  /** Messages for which there was no room, and answers that could not be sent. */
  uint32_t dropped;
  /** Times the connection was lost. */
  uint32_t lost;
  /** Commands that began. */
  uint32_t begun;
} fw_counters_t;

/** What a handler did with a command. */
typedef enum {
  /** It is done; the response says what came of it. */
  FW_RUN_DONE = 0,
  /** It failed; the response's words begin with a code in brackets, such as "[command_failed] the motor is hot". */
  FW_RUN_FAILED = 1,
  /** It goes on; the contract's finish function will say how it ended. */
  FW_RUN_GOES_ON = 2
} fw_run_t;

/** What became of a configuration. */
typedef enum {
  FW_CONFIG_APPLIED = 0,
  FW_CONFIG_REJECTED = 1,
  /** It is applied at the next start. */
  FW_CONFIG_REBOOT = 2
} fw_config_t;

/** Where the connection stands. */
typedef enum {
  FW_STOPPED = 0,
  /** Waiting for the next attempt. */
  FW_WAITING = 1,
  FW_CONNECTING = 2,
  FW_SUBSCRIBING = 3,
  /** The device has said that it is online, and waits for the broker to have it. */
  FW_GREETING = 4,
  FW_READY = 5,
  /** The device has said that it goes. */
  FW_LEAVING = 6,
  /** The broker refused for good: what it was told must be changed, then start again. */
  FW_REFUSED = 7
} fw_phase_t;

/** A configuration that is in effect: the device's own is side 0, the fleet's side 1. */
typedef struct {
  uint32_t version;
  /** Octets; 0 where there is none. */
  uint16_t length;
} fw_side_t;

/** A device. Its members are read by nobody but the engine, except "phase", "now", "counters", "user" and "identity". */
typedef struct {
  /* What is used most stands first: the nearer to the beginning, the shorter its instructions. */
  /** fw_phase_t */
  uint8_t phase;
  uint8_t flags;
  uint8_t events;
  uint8_t attempts;
  /** Milliseconds of the transport's clock when the tick began; over at 2^32. */
  uint32_t now;
  const fw_transport_t *transport;
  void *ctx;
  fw_memory_t memory;
  const fw_store_t *store;
  void *store_ctx;
  fw_text_t identity;
  size_t used;
  uint32_t since;
  uint32_t wait_ms;
  fw_side_t sides[2];
  uint16_t subscribed;
  uint16_t fence;
  const char *prefix;
  size_t arriving;
  uint32_t ready_at;
  uint32_t online_at;
  uint32_t down_at;
  uint32_t unix_seconds;
  uint32_t unix_at;
  uint32_t birth;
  uint32_t random;
  uint32_t session;
  uint32_t spread_ms;
  fw_counters_t counters;
  /** The application's own. */
  void *user;
  /** Commands are kept in the store also where the contract says that there is no journal. */
  bool journal;
#if FW_MANUAL_ACK
  /* The oldest first: message number "left" + 1. */
  fw_held_t held[FW_ACK_WINDOW];
  uint16_t held_count;
  /* How many have been acknowledged, or are void since their connection is over. */
  uint32_t left;
  /* Number of the message of which parts arrive; one that has left where there is none. */
  uint32_t holding;
#endif
} fw_device_t;

#ifdef __cplusplus
}
#endif

#endif
