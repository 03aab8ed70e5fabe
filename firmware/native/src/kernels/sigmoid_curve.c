#include "sigmoid_curve.h"

enum { ENTRIES = EML_SIGMOID_BYTES / 2 };

/* The table at x / 2^bits, times 2^bits; beyond from its last entry on. */
static int32_t interpolate(const uint8_t *table, int32_t x, int32_t bits, int32_t beyond)
{
    int32_t index = x >> bits;
    if (index < 0 || index >= ENTRIES - 1)
        return beyond;
    int32_t left = eml_uint16(table + 2 * index);
    int32_t right = eml_uint16(table + 2 * index + 2);
    return (left << bits) + (x & ((1 << bits) - 1)) * (right - left);
}

int32_t eml_sigmoid(const uint8_t *table, int32_t x, bool hyperbolic)
{
    int32_t magnitude = x < 0 ? eml_sub(0, x) : x;
    if (hyperbolic) {
        int32_t result = interpolate(table, magnitude, 8, 0xFFFF << 8);
        return (x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8;
    }
    int32_t result = interpolate(table, magnitude, 9, 0x7FFF << 10);
    return (x >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1) >> 10;
}
