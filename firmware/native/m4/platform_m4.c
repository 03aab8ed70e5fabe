/*
 * The MPS2 board under emulation. With -icount shift=6 an instruction takes 64 ns of the emulated time, and timer 0 counts 25 MHz, a tick every 40 ns: the count is exact.
 */
#include "platform.h"

#include <stddef.h>
#include <string.h>

#include "semihosting.h"

enum { TICK_NS = 40, INSTRUCTION_NS = 64 };

typedef struct timer {
    volatile uint32_t control;
    volatile uint32_t value;
    volatile uint32_t reload;
} timer;

static timer *const timer0 = (timer *)0x40000000;

extern uint8_t pool_start, pool_end;
static uint8_t *pool = &pool_start;
static uint8_t *pool_floor = &pool_start;
static int32_t created;

void platform_start(void);

void platform_start(void)
{
    timer0->reload = UINT32_MAX;
    timer0->value = UINT32_MAX;
    timer0->control = 1;
}

uint32_t platform_instructions(void)
{
    uint32_t ticks = UINT32_MAX - timer0->value;
    return (uint32_t)((uint64_t)ticks * TICK_NS / INSTRUCTION_NS);
}

void platform_loop(uint32_t count)
{
    __asm__ volatile("1:\n\tsubs %0, %0, #1\n\tbne 1b" : "+r"(count) : : "cc");
}

void *platform_allocate(int32_t bytes)
{
    uint32_t size = ((uint32_t)bytes + 7) & ~7u;
    if (size > (uint32_t)(&pool_end - pool))
        return NULL;
    void *block = pool;
    pool += size;
    return block;
}

void platform_release(void)
{
    pool = pool_floor;
}

static int32_t open_file(const char *path, int32_t mode)
{
    const struct {
        const char *path;
        int32_t mode;
        int32_t length;
    } arguments = {path, mode, (int32_t)strlen(path)};
    return semihosting(SYS_OPEN, &arguments);
}

uint8_t *platform_read(const char *path, int32_t *length)
{
    int32_t file = open_file(path, 1);
    if (file < 0)
        return NULL;
    *length = semihosting(SYS_FLEN, &file);
    uint8_t *data = platform_allocate(*length);
    const struct {
        int32_t file;
        uint8_t *data;
        int32_t length;
    } arguments = {file, data, *length};
    if (data != NULL && semihosting(SYS_READ, &arguments) != 0)
        data = NULL;
    semihosting(SYS_CLOSE, &file);
    pool_floor = pool;
    return data;
}

bool platform_create(const char *path)
{
    created = open_file(path, 5);
    return created >= 0;
}

void platform_write(const void *data, int32_t count)
{
    const struct {
        int32_t file;
        const void *data;
        int32_t length;
    } arguments = {created, data, count};
    semihosting(SYS_WRITE, &arguments);
}

bool platform_close(void)
{
    return semihosting(SYS_CLOSE, &created) == 0;
}

void platform_print(const char *text)
{
    semihosting(SYS_WRITE0, text);
}
