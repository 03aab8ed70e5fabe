/* What the test driver needs of the machine that it runs on. */
#ifndef EML_PLATFORM_H
#define EML_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

/* A block of memory at a multiple of 8, or null where there is not so much. Everything is given back at once. */
void *platform_allocate(int32_t bytes);
void platform_release(void);

/* Bytes of a file in memory that stays allocated, or null. */
uint8_t *platform_read(const char *path, int32_t *length);

/* A file to write, one at a time. */
bool platform_create(const char *path);
void platform_write(const void *data, int32_t count);
bool platform_close(void);

void platform_print(const char *text);

/* Instructions executed so far, modulo 2^32; 0 at all times where they cannot be counted. */
uint32_t platform_instructions(void);

/* Executes 2 * count instructions and a few more: a loop of a subtraction and a branch. */
void platform_loop(uint32_t count);

#endif
