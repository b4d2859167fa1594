/* What a toolchain without a C library lacks. */
#include <stddef.h>
void *memcpy(void *to, const void *from, size_t n)
{
  char *t = to;
  const char *f = from;
  while (n-- != 0) *t++ = *f++;
  return to;
}
void *memset(void *to, int c, size_t n)
{
  char *t = to;
  while (n-- != 0) *t++ = (char)c;
  return to;
}
size_t strlen(const char *s)
{
  const char *e = s;
  while (*e != 0) e++;
  return (size_t)(e - s);
}
