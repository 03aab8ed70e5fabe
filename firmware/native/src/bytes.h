/* Little-endian numbers at any address, and arithmetic that wraps around. */
#ifndef EML_BYTES_H
#define EML_BYTES_H

#include <stdint.h>
#include <string.h>

/* Sums, differences and products modulo 2^32. */
static inline int32_t eml_add(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t eml_sub(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t eml_mul(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

static inline int32_t eml_int32(const void *from)
{
    int32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline int32_t eml_int16(const void *from)
{
    int16_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline int32_t eml_uint16(const void *from)
{
    uint16_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline int64_t eml_int64(const void *from)
{
    int64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline void eml_put_int32(void *to, int32_t value)
{
    memcpy(to, &value, sizeof value);
}

static inline void eml_put_int16(void *to, int32_t value)
{
    int16_t narrow = (int16_t)value;
    memcpy(to, &narrow, sizeof narrow);
}

#endif
