/*
 * A stand-in for PubSubClient 2.8 on POSIX, written from its documentation: the same functions, the same limits (QoS 0
 * out, QoS 0 and 1 in, one buffer, what does not fit is dropped), and the packet in the buffer where the library leaves
 * it while its callback runs: first octet, remaining length, then the topic one octet further to the front and ended by
 * an octet 0. The library itself is in no registry that this project uses: what runs here is the adapter, not the library.
 */
#ifndef PUBSUBCLIENT_H
#define PUBSUBCLIENT_H

#include <Arduino.h>
#include <Client.h>

#define MQTT_CONNECTION_TIMEOUT -4
#define MQTT_CONNECTION_LOST -3
#define MQTT_CONNECT_FAILED -2
#define MQTT_DISCONNECTED -1
#define MQTT_CONNECTED 0

class PubSubClient {
public:
  typedef void (*Callback)(char *, uint8_t *, unsigned int);

  explicit PubSubClient(Client &client) : network(client) {}
  ~PubSubClient() { delete[] buffer; }
  PubSubClient(const PubSubClient &) = delete;
  PubSubClient &operator=(const PubSubClient &) = delete;

  PubSubClient &setServer(const char *name, uint16_t at)
  {
    host = name;
    port = at;
    return *this;
  }
  PubSubClient &setCallback(Callback told)
  {
    callback = told;
    return *this;
  }
  PubSubClient &setKeepAlive(uint16_t seconds)
  {
    keepAlive = seconds;
    return *this;
  }
  PubSubClient &setSocketTimeout(uint16_t seconds)
  {
    patience = seconds * 1000ul;
    return *this;
  }
  bool setBufferSize(uint16_t octets)
  {
    if (octets == 0) return false;
    delete[] buffer;
    buffer = new uint8_t[octets];
    size = octets;
    return true;
  }
  bool connect(const char *id, const char *user, const char *password, const char *willTopic, uint8_t willQos,
               bool willRetain, const char *willMessage, bool cleanSession)
  {
    if (connected()) return true;
    if (buffer == nullptr) (void)setBufferSize(256);
    if (network.connect(host, port) != 1) {
      status = MQTT_CONNECT_FAILED;
      return false;
    }
    uint8_t flags = cleanSession ? 2 : 0;
    if (willTopic != nullptr) flags = (uint8_t)(flags | 4 | willQos << 3 | (willRetain ? 32 : 0));
    if (user != nullptr) flags = (uint8_t)(flags | 128);
    if (user != nullptr && password != nullptr) flags = (uint8_t)(flags | 64);
    begin();
    text("MQTT");
    octet(4);
    octet(flags);
    octet((uint8_t)(keepAlive >> 8));
    octet((uint8_t)(keepAlive & 255));
    text(id);
    if (willTopic != nullptr) {
      text(willTopic);
      text(willMessage);
    }
    if (user != nullptr) text(user);
    if (user != nullptr && password != nullptr) text(password);
    asked = false;
    if (!send(0x10)) return fail(MQTT_CONNECT_FAILED);
    const unsigned long began = millis();
    while (network.available() == 0)
      if (millis() - began >= patience) return fail(MQTT_CONNECTION_TIMEOUT);
    unsigned length = 0;
    const unsigned whole = receive(&length);
    if (whole != 4 || buffer[0] != 0x20) return fail(MQTT_CONNECT_FAILED);
    if (buffer[3] != 0) return fail(buffer[3]);
    status = MQTT_CONNECTED;
    return true;
  }
  void disconnect()
  {
    begin();
    (void)send(0xe0);
    network.flush();
    (void)fail(MQTT_DISCONNECTED);
  }
  bool publish(const char *topic, const uint8_t *payload, unsigned int octets, bool retained)
  {
    if (!connected() || (unsigned)size < ROOM + 2 + strlen(topic) + octets) return false;
    begin();
    text(topic);
    for (unsigned i = 0; i < octets; i++) octet(payload[i]);
    return send(retained ? 0x31 : 0x30);
  }
  bool subscribe(const char *filter, uint8_t qos)
  {
    if (!connected() || qos > 1 || (unsigned)size < ROOM + 5 + strlen(filter)) return false;
    begin();
    number = (uint16_t)(number == 0xffff ? 1 : number + 1);
    octet((uint8_t)(number >> 8));
    octet((uint8_t)(number & 255));
    text(filter);
    octet(qos);
    return send(0x82);
  }
  bool loop()
  {
    if (!connected()) return false;
    const unsigned long now = millis();
    if (keepAlive != 0 && (now - said >= keepAlive * 1000ul || now - heard >= keepAlive * 1000ul)) {
      if (asked) return fail(MQTT_CONNECTION_TIMEOUT);
      begin();
      if (!send(0xc0)) return fail(MQTT_CONNECTION_LOST);
      asked = true;
      heard = now;
    }
    if (network.available() == 0) return true;
    unsigned octets = 0;
    const unsigned whole = receive(&octets);
    if (whole == 0) return connected();
    heard = now;
    if ((buffer[0] & 0xf0) == 0x30) deliver(whole, octets);
    else if (buffer[0] == 0xc0) {
      begin();
      return send(0xd0);
    } else if (buffer[0] == 0xd0) asked = false;
    return true;
  }
  bool connected()
  {
    if (status == MQTT_CONNECTED && network.connected() == 0) (void)fail(MQTT_CONNECTION_LOST);
    return status == MQTT_CONNECTED;
  }
  int state() const { return status; }

private:
  /* Octets in front of what is written: first octet and remaining length. */
  static const unsigned ROOM = 5;

  bool fail(int why)
  {
    network.stop();
    status = why;
    return false;
  }
  void begin() { used = ROOM; }
  void octet(uint8_t value)
  {
    if (used < size) buffer[used] = value;
    used++;
  }
  void text(const char *value)
  {
    const size_t octets = strlen(value);
    octet((uint8_t)(octets >> 8));
    octet((uint8_t)(octets & 255));
    for (size_t i = 0; i < octets; i++) octet((uint8_t)value[i]);
  }
  bool send(uint8_t first)
  {
    uint8_t head[ROOM];
    unsigned count = 0;
    unsigned rest = used - ROOM;
    if (used > size) return false;
    do {
      head[count++] = (uint8_t)(rest % 128 | (rest > 127 ? 128u : 0u));
      rest /= 128;
    } while (rest != 0);
    uint8_t *from = buffer + ROOM - count - 1;
    from[0] = first;
    memcpy(from + 1, head, count);
    said = millis();
    const size_t octets = used - ROOM + count + 1;
    return network.write(from, octets) == octets;
  }
  int next()
  {
    const unsigned long began = millis();
    while (network.available() == 0)
      if (!network.connected() || millis() - began >= patience) return -1;
    return network.read();
  }
  /* One packet into the buffer: its octets, 0 where it was longer than the buffer; "head" those of the remaining length. */
  unsigned receive(unsigned *head)
  {
    unsigned rest = 0, at = 0, shift = 0;
    int got = next();
    if (got < 0) return fail(MQTT_CONNECTION_LOST);
    buffer[at++] = (uint8_t)got;
    do {
      got = next();
      if (got < 0 || at > 4) return fail(MQTT_CONNECTION_LOST);
      buffer[at++] = (uint8_t)got;
      rest |= (unsigned)(got & 127) << shift;
      shift += 7;
    } while ((got & 128) != 0);
    *head = at - 1;
    const unsigned whole = at + rest;
    while (rest != 0) {
      /* What is longer than the buffer goes over its end again and again. */
      uint8_t spare[512];
      const unsigned room = at < size ? size - at : (unsigned)sizeof spare;
      got = next();
      if (got < 0) return fail(MQTT_CONNECTION_LOST);
      uint8_t *to = at < size ? buffer + at : spare;
      to[0] = (uint8_t)got;
      const unsigned more = (rest < room ? rest : room) - 1;
      const int also = more == 0 || network.available() == 0 ? 0 : network.read(to + 1, more);
      const unsigned count = 1 + (also > 0 ? (unsigned)also : 0);
      at += count;
      rest -= count;
    }
    return whole > size ? 0 : whole;
  }
  void deliver(unsigned whole, unsigned head)
  {
    uint8_t *at = buffer + head + 1;
    const unsigned octets = (unsigned)at[0] << 8 | at[1];
    const bool numbered = (buffer[0] & 6) != 0;
    const unsigned front = head + 3 + octets + (numbered ? 2u : 0u);
    if (front > whole) return;
    const uint8_t id[2] = {numbered ? at[2 + octets] : (uint8_t)0, numbered ? at[3 + octets] : (uint8_t)0};
    memmove(at + 1, at + 2, octets);
    at[1 + octets] = 0;
    if (callback != nullptr) callback((char *)at + 1, buffer + front, whole - front);
    if (!numbered || !connected()) return;
    begin();
    octet(id[0]);
    octet(id[1]);
    (void)send(0x40);
  }

  Client &network;
  Callback callback = nullptr;
  const char *host = "";
  uint8_t *buffer = nullptr;
  unsigned used = 0;
  uint16_t size = 0;
  uint16_t port = 1883;
  uint16_t keepAlive = 15;
  uint16_t number = 0;
  unsigned long said = 0;
  unsigned long heard = 0;
  unsigned long patience = 15000;
  bool asked = false;
  int status = MQTT_DISCONNECTED;
};

#endif
