/* What is in every program and is taken off its size. */
#include "contender.h"
int encode(uint8_t *buffer, uint16_t size) { return buffer[size - 1]; }
int decode(uint8_t *data, uint16_t length) { return data[length - 1]; }
