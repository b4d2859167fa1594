// Declarations to compile against: no implementation.
#ifndef IPADDRESS_H
#define IPADDRESS_H

#include <stdint.h>

class IPAddress {
public:
  IPAddress(uint8_t, uint8_t, uint8_t, uint8_t);
};

#endif
