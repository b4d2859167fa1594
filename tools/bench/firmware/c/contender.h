#ifndef CONTENDER_H
#define CONTENDER_H
#include <stdint.h>
/** Writes the telemetry that every contender writes; gives its length, a negative number where it fails. */
int encode(uint8_t *buffer, uint16_t size);
/** Reads a command; 0 where it is whole and valid. */
int decode(uint8_t *data, uint16_t length);
#endif
