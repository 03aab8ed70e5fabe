/*
 * int16 softmax over rows by two tables with linear interpolation. Output scale 2^-15, zero points 0. Weights: 513 int16 of e^x over [-10, 0] in Q0.15, then 513 int16 of
 * 1 / (1 + x) over [0, 1] in Q0.15.
 */
#include "arithmetic/fixed_point.h"
#include "conversion.h"
#include "kernels.h"

enum { ENTRIES = 513 };

typedef struct parameters {
    eml_conversion conversion;
    int32_t depth;
    int32_t multiplier; /* to steps of 10 / 65535 */
    int32_t shift;
} parameters;

static void validate(eml_layer *layer)
{
    eml_conversion16_validate(layer);
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.depth, 1, INT16_MAX);
    eml_multipliers(layer, &p.multiplier, 1, 30);
    eml_weights(layer, 4 * ENTRIES);
    if (!layer->failed)
        eml_check(layer, p.conversion.length % p.depth == 0);
}

/* Table value at a position from -32768 to 32767, held within these. */
static int32_t interpolate(const uint8_t *table, int32_t position)
{
    position = eml_clamp16(position);
    const uint8_t *entry = table + 2 * ((position >> 7) + 256);
    int32_t left = eml_int16(entry);
    return left + (((eml_int16(entry + 2) - left) * (position & 127) + 64) >> 7);
}

/* Writes the exponentials of a row in Q0.15 and gives their sum, at least 1. */
static int32_t exponentials(const eml_frame *frame, const parameters *p, const int8_t *x, int8_t *y)
{
    int32_t max = INT16_MIN;
    for (int32_t i = 0; i < p->depth; i++) {
        int32_t value = eml_int16(x + 2 * i);
        max = value > max ? value : max;
    }
    int32_t sum = 0;
    for (int32_t i = 0; i < p->depth; i++) {
        int32_t difference = eml_multiply(eml_int16(x + 2 * i) - max, p->multiplier, p->shift);
        int32_t exponential = interpolate(frame->weights, difference > 0 ? INT16_MAX : difference + INT16_MAX);
        eml_put_int16(y + 2 * i, exponential);
        sum = eml_add(sum, exponential);
    }
    return sum < 1 ? 1 : sum;
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.conversion.input;
    int8_t *y = frame->arena + p.conversion.output;
    for (int32_t row = 0; row < p.conversion.length; row += p.depth, x += 2 * p.depth, y += 2 * p.depth) {
        int32_t sum = exponentials(frame, &p, x, y);
        int32_t headroom = eml_leading_zeros(sum);
        int32_t fraction = (int32_t)((((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14) - (1 << 15) - (1 << 16);
        int32_t reciprocal = interpolate(frame->weights + 2 * ENTRIES, fraction);
        int32_t shift = 31 - headroom;
        int64_t half = shift > 0 ? (int64_t)1 << (shift - 1) : 0;
        for (int32_t i = 0; i < p.depth; i++) {
            int32_t value = (int32_t)(((int64_t)eml_int16(y + 2 * i) * reciprocal + half) >> shift);
            eml_put_int16(y + 2 * i, eml_clamp(value, 0, INT16_MAX));
        }
    }
}

const eml_kernel eml_softmax_int16 = {EML_PARAMETERS(parameters), validate, run, NULL};
