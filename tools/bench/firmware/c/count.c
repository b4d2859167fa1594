/* Counts instructions under QEMU with -icount shift=0: SysTick advances by one in 40 of them. */
#include "contender.h"
#define CONTROL (*(volatile uint32_t *)0xE000E010)
#define RELOAD (*(volatile uint32_t *)0xE000E014)
#define CURRENT (*(volatile uint32_t *)0xE000E018)
#define TICK 40u
#define ROUNDS 1000

static void call_host(int operation, const void *argument)
{
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void print(const char *what, int32_t value)
{
  char digits[14];
  int at = 13;
  uint32_t left = value < 0 ? (uint32_t)-value : (uint32_t)value;
  digits[at] = '\0';
  digits[--at] = '\n';
  do {
    digits[--at] = (char)('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (value < 0) digits[--at] = '-';
  call_host(4, what);
  call_host(4, digits + at);
}

static uint8_t written[640];
static uint8_t command[640];
extern const uint8_t payload[];
extern const uint16_t payload_length;
void start(void);
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20080000, (void *)start};
extern uint8_t data_from[], data_to[], data_end[];

__attribute__((noinline)) static int nothing(uint8_t *data, uint16_t length)
{
  __asm__ volatile("" : : "r"(data), "r"(length));
  return 0;
}

static uint32_t ticks(int (*work)(uint8_t *, uint16_t), uint8_t *data, uint16_t length, int *last)
{
  uint32_t sum = 0;
  int i;
  for (i = 0; i < ROUNDS; i++) {
    uint32_t begin;
    uint16_t k;
    if (work != encode) {
      for (k = 0; k < payload_length; k++) command[k] = payload[k];
    }
    begin = CURRENT;
    *last = work(data, length);
    sum += (begin - CURRENT) & 0xffffff;
  }
  return sum;
}

void start(void)
{
  int length;
  int status;
  int none;
  uint32_t empty;
  uint8_t *to = data_to;
  const uint8_t *from = data_from;
  while (to != data_end) *to++ = *from++;
  RELOAD = 0xffffff;
  CURRENT = 0;
  CONTROL = 5;
  empty = ticks(nothing, command, payload_length, &none);
  print("encode ", (int32_t)((ticks(encode, written, sizeof written, &length) - empty) * TICK / ROUNDS));
  print("octets ", length);
  print("decode ", (int32_t)((ticks(decode, command, payload_length, &status) - empty) * TICK / ROUNDS));
  print("status ", status);
  call_host(0x18, (const void *)0x20026);
  for (;;) {
  }
}
