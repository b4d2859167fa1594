#ifndef LINK_COREMQTT_H
#define LINK_COREMQTT_H

/* The car's way to the broker by coreMQTT 1.x, on a socket of its own. */

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "fw_coremqtt.h"

/* Octets of the longest packet that the broker may let through. */
#define CAR_PACKET 2097152

struct NetworkContext {
  int socket;
  const char *host;
  char port[8];
};

typedef struct {
  fw_coremqtt_t mqtt;
  struct NetworkContext network;
  uint8_t packet[CAR_PACKET];
} car_link_t;

#define CAR_TRANSPORT fw_coremqtt_transport
#define CAR_CONTEXT(link) (&(link)->mqtt)

static uint32_t car_link_now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

static bool car_socket_open(NetworkContext_t *network)
{
  /* Connecting waits here, and what waits is not safe: Linux gives an address up after this. */
  const struct timeval patience = {1, 0};
  struct addrinfo hints, *found = NULL, *each;
  int yes = 1;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(network->host, network->port, &hints, &found) != 0) return false;
  network->socket = -1;
  for (each = found; each != NULL && network->socket < 0; each = each->ai_next) {
    const int made = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
    if (made < 0) continue;
    (void)setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(made, each->ai_addr, each->ai_addrlen) == 0) network->socket = made;
    else (void)close(made);
  }
  freeaddrinfo(found);
  if (network->socket < 0) return false;
  (void)setsockopt(network->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  (void)fcntl(network->socket, F_SETFL, O_NONBLOCK);
  return true;
}

static void car_socket_close(NetworkContext_t *network)
{
  (void)close(network->socket);
  network->socket = -1;
}

/* What the library expects: octets, 0 where there is nothing now, less than 0 where the connection is gone. */
static int32_t car_socket_receive(NetworkContext_t *network, void *buffer, size_t octets)
{
  const ssize_t got = recv(network->socket, buffer, octets, 0);
  if (got > 0) return (int32_t)got;
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : -1;
}

static int32_t car_socket_send(NetworkContext_t *network, const void *buffer, size_t octets)
{
  const ssize_t sent = send(network->socket, buffer, octets, MSG_NOSIGNAL);
  if (sent >= 0) return (int32_t)sent;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

static bool car_link_open(car_link_t *link, fw_device_t *device, const char *client_id, const char *host, int port,
                          int keep_alive)
{
  link->network.host = host;
  link->network.socket = -1;
  if (snprintf(link->network.port, sizeof link->network.port, "%d", port) >= (int)sizeof link->network.port) return false;
  link->mqtt.device = device;
  link->mqtt.client_id = client_id;
  link->mqtt.network.pNetworkContext = &link->network;
  link->mqtt.network.recv = car_socket_receive;
  link->mqtt.network.send = car_socket_send;
  link->mqtt.open = car_socket_open;
  link->mqtt.close = car_socket_close;
  link->mqtt.now_ms = car_link_now_ms;
  link->mqtt.buffer.pBuffer = link->packet;
  link->mqtt.buffer.size = sizeof link->packet;
  link->mqtt.keep_alive = (uint16_t)keep_alive;
  return true;
}

static void car_link_poll(car_link_t *link, int wait_ms)
{
  struct pollfd ready;
  ready.fd = link->mqtt.is_open ? link->network.socket : -1;
  ready.events = POLLIN;
  ready.revents = 0;
  (void)poll(&ready, 1, wait_ms);
  fw_coremqtt_poll(&link->mqtt);
}

static void car_link_close(car_link_t *link)
{
  fw_coremqtt_disconnect(&link->mqtt);
}

#endif
