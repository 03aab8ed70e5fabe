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

/* Four terms of a row and one window; extend is sxtb16, or uxtb16 for weights with an offset. In this order they need two registers beside sums and addresses. */
#define ONE_ROW(extend, row, sum) \
    "ldr %[w], [%[" row "]], #4\n\t" \
    extend " %[t], %[w]\n\t" \
    "smlad %[" sum "], %[t], %[even], %[" sum "]\n\t" \
    extend " %[t], %[w], ror #8\n\t" \
    "smlad %[" sum "], %[t], %[odd], %[" sum "]\n\t"

#define ONE_STEP(extend) "ldrd %[even], %[odd], [%[x]], #8\n\t" ONE_ROW(extend, "w0", "a") ONE_ROW(extend, "w1", "b")

/* Eight terms of two rows and one window. */
#define EIGHT_TERMS(extend) \
    __asm__ volatile(ONE_STEP(extend) ONE_STEP(extend) \
        : [even] "=&r"(even), [odd] "=&r"(odd), [w] "=&r"(w), [t] "=&r"(t), [x] "+r"(x), [w0] "+r"(w0), [w1] "+r"(w1), [a] "+r"(a), [b] "+r"(b) \
        : \
        : "memory")

static inline void products_one(const uint8_t *w0, const uint8_t *w1, const int16_t *x, int32_t blocks, bool offset, int32_t *sum0, int32_t *sum1)
{
    const int16_t *end = x + 4 * ((blocks + 1) & ~1);
    int32_t a = *sum0;
    int32_t b = *sum1;
    while (x < end) {
        int32_t even, odd, w, t;
        if (offset)
            EIGHT_TERMS("uxtb16");
        else
            EIGHT_TERMS("sxtb16");
    }
    *sum0 = a;
    *sum1 = b;
}

/* Four terms of a row and two windows. */
#define TWO_ROW(row, sum) \
    "ldr %[w], [%[" row "]], #4\n\t" \
    "sxtb16 %[t], %[w]\n\t" \
    "sxtb16 %[w], %[w], ror #8\n\t" \
    "smlad %[" sum "0], %[t], %[even0], %[" sum "0]\n\t" \
    "smlad %[" sum "1], %[t], %[even1], %[" sum "1]\n\t" \
    "smlad %[" sum "0], %[w], %[odd0], %[" sum "0]\n\t" \
    "smlad %[" sum "1], %[w], %[odd1], %[" sum "1]\n\t"

static inline void products_two(const uint8_t *w0, const uint8_t *w1, const int16_t *x, int32_t blocks, int32_t sums[4])
{
    const int16_t *end = x + 8 * blocks;
    int32_t a0 = sums[0], a1 = sums[1], b0 = sums[2], b1 = sums[3];
    while (x < end) {
        int32_t even0, odd0, even1, odd1, w, t;
        __asm__ volatile("ldrd %[even0], %[odd0], [%[x]], #8\n\t"
                         "ldrd %[even1], %[odd1], [%[x]], #8\n\t" TWO_ROW("w0", "a") TWO_ROW("w1", "b")
                         : [even0] "=&r"(even0), [odd0] "=&r"(odd0), [even1] "=&r"(even1), [odd1] "=&r"(odd1), [w] "=&r"(w), [t] "=&r"(t), [x] "+r"(x), [w0] "+r"(w0),
                           [w1] "+r"(w1), [a0] "+r"(a0), [a1] "+r"(a1), [b0] "+r"(b0), [b1] "+r"(b1)
                         :
                         : "memory");
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
