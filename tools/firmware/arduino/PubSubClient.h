// Declarations of PubSubClient 2.8 that the adapter and the sketch use, to compile against: no implementation.
#ifndef PUBSUBCLIENT_H
#define PUBSUBCLIENT_H

#include <Arduino.h>
#include <Client.h>
#include <IPAddress.h>

typedef void (*pubsubclient_callback_t)(char *, uint8_t *, unsigned int);

class PubSubClient {
public:
  explicit PubSubClient(Client &client);
  PubSubClient &setServer(IPAddress address, uint16_t port);
  PubSubClient &setCallback(pubsubclient_callback_t callback);
  PubSubClient &setSocketTimeout(uint16_t seconds);
  bool setBufferSize(uint16_t size);
  bool connect(const char *id, const char *user, const char *password, const char *willTopic, uint8_t willQos,
               bool willRetain, const char *willMessage, bool cleanSession);
  void disconnect();
  bool publish(const char *topic, const uint8_t *payload, unsigned int length, bool retained);
  bool subscribe(const char *topic, uint8_t qos);
  bool loop();
  bool connected();
  int state();
};

#endif
