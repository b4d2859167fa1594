// Declarations of an Arduino core for a board that Debian has no core for, to compile against: no implementation.
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t byte;

#define HIGH 1
#define LOW 0
#define OUTPUT 1

extern "C" {
unsigned long millis(void);
}
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t value);
int analogRead(uint8_t pin);

#endif
