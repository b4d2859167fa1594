/** The store `fw_file_store.h`. */
export const FW_FILE_STORE_H = String.raw`#ifndef FW_FILE_STORE_H
#define FW_FILE_STORE_H

/*
 * A store in a folder, on systems with files: one file for each record. It is written beside the old one and put in its
 * place, so that after "kill -9" there is the old record or the new one. Set "sync" to survive a loss of power as well.
 *
 * Include it after feature macros that make mkdir and fsync known.
 */

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fw_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A folder, which is made where there is none. */
typedef struct {
  const char *folder;
  bool sync;
} fw_file_store_t;

static inline bool fw_file_store_path(const fw_file_store_t *store, uint16_t key, const char *end, char *path, size_t size)
{
  const int length = snprintf(path, size, "%s/%04x%s", store->folder, (unsigned)key, end);
  return length > 0 && (size_t)length < size;
}

static inline fw_status_t fw_file_store_save(void *ctx, uint16_t key, const uint8_t *data, size_t length)
{
  const fw_file_store_t *store = (const fw_file_store_t *)ctx;
  char fresh[512], path[512];
  FILE *file;
  bool written;
  if (!fw_file_store_path(store, key, ".new", fresh, sizeof fresh) || !fw_file_store_path(store, key, "", path, sizeof path))
    return FW_STORE;
  if (mkdir(store->folder, 0700) != 0 && errno != EEXIST) return FW_STORE;
  file = fopen(fresh, "wb");
  if (file == NULL) return FW_STORE;
  written = fwrite(data, 1, length, file) == length && fflush(file) == 0 && (!store->sync || fsync(fileno(file)) == 0);
  if (fclose(file) != 0 || !written) return FW_STORE;
  return rename(fresh, path) == 0 ? FW_OK : FW_STORE;
}

static inline size_t fw_file_store_load(void *ctx, uint16_t key, uint8_t *buffer, size_t size)
{
  const fw_file_store_t *store = (const fw_file_store_t *)ctx;
  char path[512];
  FILE *file;
  size_t length;
  if (!fw_file_store_path(store, key, "", path, sizeof path)) return 0;
  file = fopen(path, "rb");
  if (file == NULL) return 0;
  length = fread(buffer, 1, size, file);
  if (length == size && fgetc(file) != EOF) length = 0;
  fclose(file);
  return length;
}

/** Set fw_device_t.store to this, and store_ctx to the fw_file_store_t. */
static const fw_store_t fw_file_store = {fw_file_store_save, fw_file_store_load};

#ifdef __cplusplus
}
#endif

#endif
`
