#include "contender.h"
/* Not static: what is in them is not known to the compiler. */
uint8_t buffer[640];
volatile int result;
int main(void)
{
  result = encode(buffer, sizeof buffer);
  result = decode(buffer, sizeof buffer);
  for (;;) {
  }
}
