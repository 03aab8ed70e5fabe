#include "linear.h"

#include "channel_table.h"

int32_t eml_row_bytes(eml_weight_format format, int32_t depth)
{
    return format == EML_WEIGHTS_INT4 ? (depth >> 1) + (depth & 1) : depth;
}

int32_t eml_linear_scratch(eml_weight_format format, int32_t depth)
{
    return eml_align4(depth) * (format == EML_WEIGHTS_INT4 ? 6 : 4);
}

/* Fewer than four values, and zeros behind them. */
static void widen_rest(int16_t *to, const int8_t *x, int32_t count)
{
    int8_t rest[4] = {0, 0, 0, 0};
    for (int32_t i = 0; i < count; i++)
        rest[i] = x[i];
    eml_widen4(to, rest);
}

void eml_widen(int16_t *to, const int8_t *x, int32_t depth)
{
    int32_t count = depth;
    for (; count >= 4; count -= 4, x += 4, to += 4)
        eml_widen4(to, x);
    widen_rest(to, x, count);
    if (count > 0)
        widen_rest(to + 4, x, 0);
}

void eml_widen_two(int16_t *to, const int8_t *x0, const int8_t *x1, int32_t depth)
{
    for (; depth >= 4; depth -= 4, x0 += 4, x1 += 4, to += 8) {
        eml_widen4(to, x0);
        eml_widen4(to + 4, x1);
    }
    if (depth > 0) {
        widen_rest(to, x0, depth);
        widen_rest(to + 4, x1, depth);
    }
}

/* Rows of weights may be read up to seven bytes beyond their end: the next row or the table follows, and the window is 0 there. */
#if EML_DSP

static inline void products_one(const uint8_t *w0, const uint8_t *w1, const int16_t *x, int32_t blocks, bool offset, int32_t *sum0, int32_t *sum1)
{
    const int32_t *pairs = (const int32_t *)x;
    int32_t a = *sum0;
    int32_t b = *sum1;
    for (; blocks > 0; blocks -= 2) {
        for (int32_t i = 0; i < 2; i++) {
            int32_t even, odd;
            pairs = eml_load_pair(pairs, &even, &odd);
            int32_t word = eml_int32(w0 + 4 * i);
            a = eml_smlad(offset ? eml_uxtb16(word) : eml_sxtb16(word), even, a);
            a = eml_smlad(offset ? eml_uxtb16_odd(word) : eml_sxtb16_odd(word), odd, a);
            word = eml_int32(w1 + 4 * i);
            b = eml_smlad(offset ? eml_uxtb16(word) : eml_sxtb16(word), even, b);
            b = eml_smlad(offset ? eml_uxtb16_odd(word) : eml_sxtb16_odd(word), odd, b);
        }
        w0 += 8;
        w1 += 8;
    }
    *sum0 = a;
    *sum1 = b;
}

static inline void products_two(const uint8_t *w0, const uint8_t *w1, const int16_t *x, int32_t blocks, int32_t sums[4])
{
    const int32_t *pairs = (const int32_t *)x;
    int32_t a0 = sums[0], a1 = sums[1], b0 = sums[2], b1 = sums[3];
    for (; blocks > 0; blocks--) {
        int32_t even0, odd0, even1, odd1;
        pairs = eml_load_pair(pairs, &even0, &odd0);
        pairs = eml_load_pair(pairs, &even1, &odd1);
        int32_t word = eml_int32(w0);
        w0 += 4;
        int32_t even = eml_sxtb16(word);
        int32_t odd = eml_sxtb16_odd(word);
        a0 = eml_smlad(even, even0, a0);
        a1 = eml_smlad(even, even1, a1);
        a0 = eml_smlad(odd, odd0, a0);
        a1 = eml_smlad(odd, odd1, a1);
        word = eml_int32(w1);
        w1 += 4;
        even = eml_sxtb16(word);
        odd = eml_sxtb16_odd(word);
        b0 = eml_smlad(even, even0, b0);
        b1 = eml_smlad(even, even1, b1);
        b0 = eml_smlad(odd, odd0, b0);
        b1 = eml_smlad(odd, odd1, b1);
    }
    sums[0] = a0;
    sums[1] = a1;
    sums[2] = b0;
    sums[3] = b1;
}

#else

static inline void products_one(const uint8_t *w0, const uint8_t *w1, const int16_t *x, int32_t blocks, bool offset, int32_t *sum0, int32_t *sum1)
{
    uint32_t a = (uint32_t)*sum0;
    uint32_t b = (uint32_t)*sum1;
    for (int32_t i = 0; i < 4 * blocks; i++) {
        a += (uint32_t)(x[i] * (offset ? w0[i] : (int8_t)w0[i]));
        b += (uint32_t)(x[i] * (offset ? w1[i] : (int8_t)w1[i]));
    }
    *sum0 = (int32_t)a;
    *sum1 = (int32_t)b;
}

static inline void products_two(const uint8_t *w0, const uint8_t *w1, const int16_t *x, int32_t blocks, int32_t sums[4])
{
    for (; blocks > 0; blocks--, w0 += 4, w1 += 4, x += 8) {
        for (int32_t i = 0; i < 4; i++) {
            sums[0] = eml_add(sums[0], x[i] * (int8_t)w0[i]);
            sums[1] = eml_add(sums[1], x[i + 4] * (int8_t)w0[i]);
            sums[2] = eml_add(sums[2], x[i] * (int8_t)w1[i]);
            sums[3] = eml_add(sums[3], x[i + 4] * (int8_t)w1[i]);
        }
    }
}

#endif

/* The table of some channels. */
typedef struct channel_cursor {
    const uint8_t *biases;
    const uint8_t *multipliers;
    const int8_t *shifts;
} channel_cursor;

static channel_cursor cursor_at(const eml_linear *linear, int32_t first)
{
    const uint8_t *table = linear->table;
    int32_t channels = linear->channels;
    return (channel_cursor){table + 4 * first, table + 4 * (channels + first), (const int8_t *)table + 8 * channels + first};
}

static inline int8_t output(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point)
{
    return (int8_t)eml_saturate8(eml_add(eml_requantize(sum, multiplier, shift), zero_point));
}

void eml_linear_one(const eml_linear *linear, const int16_t *x, int32_t offset, int32_t first, int32_t count, int8_t *y)
{
    channel_cursor c = cursor_at(linear, first);
    int32_t depth = linear->depth;
    int32_t zero_point = linear->zero_point;
    int32_t blocks = (depth + 3) >> 2;
    const uint8_t *w = linear->weights + first * depth;
    bool is_offset = linear->format == EML_WEIGHTS_OFFSET;
    for (; count > 0; count -= 2, w += 2 * depth, c.biases += 8, c.multipliers += 8, c.shifts += 2) {
        const uint8_t *w1 = count > 1 ? w + depth : w;
        int32_t sum0 = eml_add(eml_int32(c.biases), offset);
        int32_t sum1 = eml_add(eml_int32(c.biases + 4), offset);
        if (is_offset)
            products_one(w, w1, x, blocks, true, &sum0, &sum1);
        else
            products_one(w, w1, x, blocks, false, &sum0, &sum1);
        *y++ = output(sum0, eml_int32(c.multipliers), c.shifts[0], zero_point);
        if (count > 1)
            *y++ = output(sum1, eml_int32(c.multipliers + 4), c.shifts[1], zero_point);
    }
}

/* A row of 4-bit weights in 8 bits. */
static void unpack(int8_t *to, const uint8_t *row, int32_t depth)
{
    for (int32_t i = 0; i < depth; i += 2) {
        int32_t pair = (int8_t)row[i >> 1];
        to[i] = (int8_t)((int32_t)((uint32_t)pair << 28) >> 28);
        to[i + 1] = (int8_t)(pair >> 4);
    }
}

/* Outputs of one channel for two windows. */
static inline void output_two(int32_t sum0, int32_t sum1, int32_t multiplier, int32_t shift, int32_t zero_point, int8_t *y0, int8_t *y1)
{
    *y0 = output(sum0, multiplier, shift, zero_point);
    *y1 = output(sum1, multiplier, shift, zero_point);
}

void eml_linear_two(const eml_linear *linear, const int16_t *x, int32_t first, int32_t count, int8_t *y0, int8_t *y1)
{
    channel_cursor c = cursor_at(linear, first);
    int32_t depth = linear->depth;
    int32_t zero_point = linear->zero_point;
    int32_t blocks = (depth + 3) >> 2;
    int32_t row = eml_row_bytes(linear->format, depth);
    bool is_int4 = linear->format == EML_WEIGHTS_INT4;
    const uint8_t *w = linear->weights + first * row;
    for (; count > 0; count -= 2, w += 2 * row, c.biases += 8, c.multipliers += 8, c.shifts += 2) {
        const uint8_t *w0 = w;
        const uint8_t *w1 = count > 1 ? w + row : w;
        if (is_int4) {
            unpack(linear->rows, w0, depth);
            unpack(linear->rows + eml_align4(depth), w1, depth);
            w0 = (const uint8_t *)linear->rows;
            w1 = w0 + eml_align4(depth);
        }
        int32_t bias0 = eml_int32(c.biases);
        int32_t bias1 = eml_int32(c.biases + 4);
        int32_t sums[4] = {bias0, bias0, bias1, bias1};
        products_two(w0, w1, x, blocks, sums);
        output_two(sums[0], sums[1], eml_int32(c.multipliers), c.shifts[0], zero_point, y0++, y1++);
        if (count > 1)
            output_two(sums[2], sums[3], eml_int32(c.multipliers + 4), c.shifts[1], zero_point, y0++, y1++);
    }
}
