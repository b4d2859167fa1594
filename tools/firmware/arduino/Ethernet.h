// Declarations of Arduino's Ethernet library that the sketch uses, to compile against: no implementation.
#ifndef ETHERNET_H
#define ETHERNET_H

#include <Arduino.h>
#include <Client.h>
#include <IPAddress.h>

class EthernetClient : public Client {
public:
  EthernetClient();
  int connect(IPAddress, uint16_t) override;
  int connect(const char *, uint16_t) override;
  size_t write(uint8_t) override;
  size_t write(const uint8_t *, size_t) override;
  int available() override;
  int read() override;
  int read(uint8_t *, size_t) override;
  int peek() override;
  void flush() override;
  void stop() override;
  uint8_t connected() override;
  operator bool() override;
};

class EthernetClass {
public:
  int begin(uint8_t *address);
};
extern EthernetClass Ethernet;

#endif
