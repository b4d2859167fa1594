// The Linux car's way to the broker by PubSubClient's interface, in C++, on a socket behind Arduino's Client.
#ifndef LINK_PUBSUBCLIENT_H
#define LINK_PUBSUBCLIENT_H

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fw_pubsubclient.h"

/* Octets of the longest packet. */
#define CAR_PACKET 16384

class PosixClient : public Client {
public:
  int connect(IPAddress, uint16_t) override { return 0; }
  int connect(const char *host, uint16_t port) override
  {
    struct addrinfo hints, *found = nullptr;
    char service[8];
    stop();
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (getaddrinfo(host, service, &hints, &found) != 0) return 0;
    for (struct addrinfo *each = found; each != nullptr && number < 0; each = each->ai_next) {
      const int made = ::socket(each->ai_family, each->ai_socktype, each->ai_protocol);
      if (made < 0) continue;
      if (::connect(made, each->ai_addr, each->ai_addrlen) == 0) number = made;
      else (void)::close(made);
    }
    freeaddrinfo(found);
    if (number < 0) return 0;
    const int yes = 1;
    (void)setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return 1;
  }
  size_t write(uint8_t octet) override { return write(&octet, 1); }
  size_t write(const uint8_t *octets, size_t count) override
  {
    size_t done = 0;
    while (done < count && number >= 0) {
      const ssize_t sent = send(number, octets + done, count - done, MSG_NOSIGNAL);
      if (sent <= 0) break;
      done += (size_t)sent;
    }
    return done;
  }
  int available() override
  {
    int count = 0;
    return number >= 0 && ioctl(number, FIONREAD, &count) == 0 ? count : 0;
  }
  int read() override
  {
    uint8_t octet = 0;
    return read(&octet, 1) == 1 ? octet : -1;
  }
  int read(uint8_t *octets, size_t count) override { return number < 0 ? -1 : (int)recv(number, octets, count, 0); }
  int peek() override
  {
    uint8_t octet = 0;
    return number >= 0 && recv(number, &octet, 1, MSG_PEEK | MSG_DONTWAIT) == 1 ? octet : -1;
  }
  void flush() override {}
  void stop() override
  {
    if (number >= 0) (void)::close(number);
    number = -1;
  }
  uint8_t connected() override
  {
    uint8_t octet = 0;
    /* What is there is still to be read when the other side has closed. */
    return number >= 0 && recv(number, &octet, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
  }
  operator bool() override { return number >= 0; }
  int number = -1;
};

struct car_link_t {
  fw_pubsubclient_t adapter = {};
  PosixClient network;
  PubSubClient client{network};
};

#define CAR_TRANSPORT fw_pubsubclient_transport
#define CAR_CONTEXT(link) (&(link)->adapter)

static bool car_link_open(car_link_t *link, fw_device_t *device, const char *client_id, const char *host, int port,
                          int keep_alive)
{
  link->client.setServer(host, (uint16_t)port);
  link->client.setKeepAlive((uint16_t)keep_alive);
  if (!link->client.setBufferSize(CAR_PACKET)) return false;
  fw_pubsubclient_open(&link->adapter, device, &link->client, client_id, false);
  return true;
}

static void car_link_poll(car_link_t *link, int wait_ms)
{
  struct pollfd ready;
  ready.fd = link->network.number;
  ready.events = POLLIN;
  ready.revents = 0;
  (void)poll(&ready, 1, wait_ms);
  fw_pubsubclient_poll(&link->adapter);
}

static void car_link_close(car_link_t *link)
{
  fw_pubsubclient_disconnect(&link->adapter);
}

#endif
