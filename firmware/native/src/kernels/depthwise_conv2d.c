/*
 * Four channels at a time: their weights and the rows of the input under the window are widened in the scratch, where padding is the input's zero point. Rows
 * that the next line of outputs needs again stay there. The bias holds -zp_in * sum of weights already.
 */
#include "depthwise_conv2d.h"

#include "channel_table.h"
#include "kernels.h"

/* Layers whose rows take more scratch are computed in place. */
enum { STRIP_BYTES_MAX = 1 << 15 };

/* With more taps sums may be too great for eml_multiply_fast. */
enum { FAST_TAPS_MAX = 1 << 15 };

typedef struct strip {
    int16_t *weights; /* four channels a tap */
    int16_t *rows;    /* [kernel_height, columns] of four channels */
    int16_t **lines;  /* the row under each line of the window */
    int16_t **lines_end;
    int32_t *held;    /* which row of the input each row is */
    int32_t columns;
} strip;

/* A window over a single column is one over a single row. */
static void normalise(eml_window *w)
{
    if (w->input_width != 1 || w->output_width != 1 || w->kernel_width != 1 || w->pad_left != 0)
        return;
    w->input_width = w->input_height;
    w->output_width = w->output_height;
    w->kernel_width = w->kernel_height;
    w->stride_width = w->stride_height;
    w->dilation_width = w->dilation_height;
    w->pad_left = w->pad_top;
    w->input_height = w->output_height = w->kernel_height = w->stride_height = w->dilation_height = 1;
    w->pad_top = 0;
}

/* Columns of the input from the first tap of the first window to the last tap of the last one. */
static int32_t reach(const eml_window *w)
{
    return (w->output_width - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width + 1;
}

/* Bytes of the strip, 0 where there is none. */
static int32_t strip_bytes(const eml_window *w)
{
    int64_t bytes = (int64_t)w->kernel_height * (8 * (int64_t)(w->kernel_width + reach(w)) + (int64_t)sizeof(int16_t *) + 4);
    return bytes <= STRIP_BYTES_MAX ? (int32_t)bytes : 0;
}

void eml_depthwise_validate(eml_layer *layer, eml_depthwise *p)
{
    eml_window_validate(layer, &p->window);
    memcpy(p, layer->parameters, sizeof *p);
    eml_range(layer, p->input_zero_point, -128, 127);
    eml_range(layer, p->output_zero_point, -128, 127);
    if (layer->failed)
        return;
    const eml_window *w = &p->window;
    eml_check(layer, w->output_channels % w->input_channels == 0);
    eml_channel_table_validate(layer, eml_product(layer, eml_product(layer, w->kernel_height, w->kernel_width), w->output_channels), w->output_channels);
    if (!layer->failed)
        eml_scratch(layer, eml_depthwise_scratch(p));
}

int32_t eml_depthwise_scratch(const eml_depthwise *p)
{
    eml_window w = p->window;
    normalise(&w);
    return strip_bytes(&w);
}

/* Four channels of a layer: what stands for them in the channel table. */
typedef struct block {
    int32_t first;
    int32_t count;       /* fewer than four where not so many are left; the last one stands for the others */
    int32_t channels[4]; /* of the input */
    int32_t bias[4];
    int32_t factors[4][2]; /* multiplier, and places as eml_multiply_fast takes them */
} block;

/* Of four channels. */
typedef struct sums {
    int32_t of[4];
} sums;

#if EML_DSP

/* Four values as the products take them: first and third, second and fourth. */
static inline void put4(int16_t *to, int32_t a, int32_t b, int32_t c, int32_t d)
{
    ((int32_t *)to)[0] = (a & 0xFFFF) | (int32_t)((uint32_t)c << 16);
    ((int32_t *)to)[1] = (b & 0xFFFF) | (int32_t)((uint32_t)d << 16);
}

/* The products of one tap with four channels; gives the address behind its weights. In this order a tap needs four registers beside the sums and addresses. */
#define TAP(offset) \
    "ldrd %[a], %[b], [%[x], #" offset "]\n\t" \
    "ldrd %[c], %[d], [%[w]], #8\n\t" \
    "smlabb %[s0], %[a], %[c], %[s0]\n\t" \
    "smlatt %[s2], %[a], %[c], %[s2]\n\t" \
    "smlabb %[s1], %[b], %[d], %[s1]\n\t" \
    "smlatt %[s3], %[b], %[d], %[s3]\n\t"

#define TAPS(code) \
    int32_t a, b, c, d; \
    __asm__ volatile(code \
        : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [w] "+r"(w), [s0] "+r"(s->of[0]), [s1] "+r"(s->of[1]), [s2] "+r"(s->of[2]), [s3] "+r"(s->of[3]) \
        : [x] "r"(x) \
        : "memory"); \
    return w

static inline const int16_t *tap(const int16_t *x, const int16_t *w, sums *s)
{
    TAPS(TAP("0"));
}

/* Three taps one after another. */
static inline const int16_t *three_taps(const int16_t *x, const int16_t *w, sums *s)
{
    TAPS(TAP("0") TAP("8") TAP("16"));
}

#else

static inline void put4(int16_t *to, int32_t a, int32_t b, int32_t c, int32_t d)
{
    to[0] = (int16_t)a;
    to[1] = (int16_t)b;
    to[2] = (int16_t)c;
    to[3] = (int16_t)d;
}

static inline const int16_t *tap(const int16_t *x, const int16_t *w, sums *s)
{
    for (int32_t i = 0; i < 4; i++)
        s->of[i] += x[i] * w[i];
    return w + 4;
}

static inline const int16_t *three_taps(const int16_t *x, const int16_t *w, sums *s)
{
    return tap(x + 8, tap(x + 4, tap(x, w, s), s), s);
}

#endif

/* The channels of a block, and whether all their sums are small and shifts to the right: sums of products of a byte are below 2^14 times the taps. */
static bool block_at(block *k, const eml_window *w, const uint8_t *table, int32_t first)
{
    int32_t channels = w->output_channels;
    int32_t taps = w->kernel_height * w->kernel_width;
    bool fast = taps <= FAST_TAPS_MAX;
    int32_t products = fast ? taps << 14 : 0;
    k->first = first;
    k->count = channels - first < 4 ? channels - first : 4;
    for (int32_t i = 0; i < 4; i++) {
        int32_t c = first + (i < k->count ? i : k->count - 1);
        int32_t shift = (int8_t)table[8 * channels + c];
        k->channels[i] = channels == w->input_channels ? c : c / (channels / w->input_channels);
        k->bias[i] = eml_int32(table + 4 * c);
        k->factors[i][0] = eml_int32(table + 4 * (channels + c));
        k->factors[i][1] = ~shift;
        fast = fast && shift < 0 && k->bias[i] > products - (1 << 30) && k->bias[i] < (1 << 30) - products;
    }
    return fast;
}

static void widen_weights(const strip *s, const int8_t *weights, int32_t taps, const block *k)
{
    const int8_t *w[4];
    for (int32_t i = 0; i < 4; i++)
        w[i] = weights + (k->first + (i < k->count ? i : k->count - 1)) * taps;
    for (int32_t t = 0; t < taps; t++)
        put4(s->weights + 4 * t, w[0][t], w[1][t], w[2][t], w[3][t]);
}

/* A row of the input, from the first column under a window to the last one. */
EML_NOINLINE void widen_row(const strip *s, int16_t *to, const eml_depthwise *p, const int8_t *image, int32_t y, const int32_t *channels)
{
    const eml_window *w = &p->window;
    int32_t step = w->input_channels;
    int32_t inside = 0;
    int32_t pad = 0;
    if (y >= 0 && y < w->input_height) {
        pad = w->pad_left < s->columns ? w->pad_left : s->columns;
        inside = s->columns - pad < w->input_width ? s->columns - pad : w->input_width;
    }
    int16_t outside[4];
    put4(outside, p->input_zero_point, p->input_zero_point, p->input_zero_point, p->input_zero_point);
    const int8_t *x = image + y * w->input_width * step;
    for (int32_t i = 0; i < pad; i++, to += 4)
        memcpy(to, outside, sizeof outside);
    if (channels[3] == channels[0] + 3) {
        x += channels[0];
        for (int32_t i = 0; i < inside; i++, to += 4, x += step)
            eml_widen4(to, x);
    } else {
        for (int32_t i = 0; i < inside; i++, to += 4, x += step)
            put4(to, x[channels[0]], x[channels[1]], x[channels[2]], x[channels[3]]);
    }
    for (int32_t i = pad + inside; i < s->columns; i++, to += 4)
        memcpy(to, outside, sizeof outside);
}

/* Brings the rows under a line of windows into the strip, those that are not there. */
static void place_rows(const strip *s, const eml_depthwise *p, const int8_t *image, int32_t top, const int32_t *channels)
{
    const eml_window *w = &p->window;
    for (int32_t ky = 0; ky < w->kernel_height; ky++) {
        int32_t y = top + ky * w->dilation_height;
        int32_t slot = w->dilation_height == 1 ? (y + w->pad_top) % w->kernel_height : ky;
        s->lines[ky] = s->rows + 4 * slot * s->columns;
        if (s->held[slot] == y)
            continue;
        s->held[slot] = y;
        widen_row(s, s->lines[ky], p, image, y, channels);
    }
}

/* Adds the products of one position, which begins at an offset of each line. */
EML_INLINE void add_products(const strip *rows, int32_t width, int32_t step, int32_t offset, sums *s)
{
    const int16_t *weights = rows->weights;
    int16_t *const *end = rows->lines_end;
    for (int16_t *const *line = rows->lines; line < end;) {
        const int16_t *x = *line++ + offset;
        if (width == 3 && step == 4) {
            weights = three_taps(x, weights, s);
            continue;
        }
        int32_t taps = width;
        for (; step == 4 && taps >= 3; taps -= 3, x += 12)
            weights = three_taps(x, weights, s);
        for (; taps > 0; taps--, x += step)
            weights = tap(x, weights, s);
    }
}

EML_INLINE int8_t output(const block *k, const sums *s, int32_t i, int32_t zero_point)
{
    return (int8_t)eml_saturate8(eml_multiply_fast(s->of[i], k->factors[i][0], k->factors[i][1]) + zero_point);
}

EML_INLINE void put_outputs(const block *k, const sums *s, int32_t zero_point, int32_t count, int8_t *y)
{
    y[0] = output(k, s, 0, zero_point);
    if (count > 1)
        y[1] = output(k, s, 1, zero_point);
    if (count > 2)
        y[2] = output(k, s, 2, zero_point);
    if (count > 3)
        y[3] = output(k, s, 3, zero_point);
}

/* A line of outputs of four channels, for a window of a width whose taps are a step apart. */
EML_INLINE void run_positions(const strip *rows, const eml_window *w, const block *k, int32_t zero_point, int8_t *y, int32_t width, int32_t step)
{
    int32_t offset = 0;
    int32_t stride = 4 * w->stride_width;
    int32_t channels = w->output_channels;
    int32_t count = k->count;
    for (int8_t *end = y + w->output_width * channels; y < end; y += channels, offset += stride) {
        sums s = {{k->bias[0], k->bias[1], k->bias[2], k->bias[3]}};
        add_products(rows, width, step, offset, &s);
        put_outputs(k, &s, zero_point, count, y);
    }
}

EML_NOINLINE void run_line_three(const strip *s, const eml_window *w, const block *k, int32_t zero_point, int8_t *y)
{
    run_positions(s, w, k, zero_point, y, 3, 4);
}

EML_NOINLINE void run_line(const strip *s, const eml_window *w, const block *k, int32_t zero_point, int8_t *y)
{
    run_positions(s, w, k, zero_point, y, w->kernel_width, 4 * w->dilation_width);
}

/* The outputs of four channels by the strip. */
static void run_strip(const eml_depthwise *p, const eml_frame *frame, const block *k)
{
    const eml_window *w = &p->window;
    int32_t taps = w->kernel_height * w->kernel_width;
    strip s;
    s.columns = reach(w);
    s.lines = frame->scratch;
    s.weights = (int16_t *)(s.lines + w->kernel_height);
    s.rows = s.weights + 4 * taps;
    s.held = (int32_t *)(s.rows + 4 * w->kernel_height * s.columns);
    s.lines_end = s.lines + w->kernel_height;
    widen_weights(&s, (const int8_t *)frame->weights, taps, k);
    bool three = w->kernel_width == 3 && w->dilation_width == 1;
    int8_t *y = frame->arena + w->output + k->first;
    for (int32_t b = 0; b < w->batches; b++) {
        const int8_t *image = frame->arena + w->input + b * w->input_height * w->input_width * w->input_channels;
        for (int32_t ky = 0; ky < w->kernel_height; ky++)
            s.held[ky] = INT32_MIN;
        for (int32_t oy = 0; oy < w->output_height; oy++) {
            place_rows(&s, p, image, oy * w->stride_height - w->pad_top, k->channels);
            (three ? run_line_three : run_line)(&s, w, k, p->output_zero_point, y);
            y += w->output_width * w->output_channels;
        }
    }
}

/* Adds the products of a line of taps with four channels, whose inputs lie side by side; gives the address behind the first one's weights. */
EML_NOINLINE const int8_t *add_line(const int8_t *x, int32_t step, const int8_t *w0, int32_t channel_taps, int32_t taps, sums *s)
{
    const int8_t *w1 = w0 + channel_taps;
    const int8_t *w2 = w1 + channel_taps;
    const int8_t *w3 = w2 + channel_taps;
    int32_t s0 = s->of[0], s1 = s->of[1], s2 = s->of[2], s3 = s->of[3];
    for (const int8_t *end = w0 + taps; w0 < end; x += step) {
#if EML_DSP
        int32_t word = eml_int32(x);
        int32_t even = eml_sxtb16(word);
        int32_t odd = eml_sxtb16_odd(word);
        s0 = eml_smlabb(even, *w0++, s0);
        s1 = eml_smlabb(odd, *w1++, s1);
        s2 = eml_smlatb(even, *w2++, s2);
        s3 = eml_smlatb(odd, *w3++, s3);
#else
        s0 += x[0] * *w0++;
        s1 += x[1] * *w1++;
        s2 += x[2] * *w2++;
        s3 += x[3] * *w3++;
#endif
    }
    s->of[0] = s0;
    s->of[1] = s1;
    s->of[2] = s2;
    s->of[3] = s3;
    return w0;
}

/* The outputs of four channels whose inputs lie side by side, for a single window that lies in the input. */
static void run_single(const eml_depthwise *p, const eml_frame *frame, const block *k)
{
    const eml_window *w = &p->window;
    int32_t taps = w->kernel_height * w->kernel_width;
    int32_t line_step = w->dilation_height * w->input_width * w->input_channels;
    const int8_t *x = frame->arena + w->input + k->first;
    const int8_t *weights = (const int8_t *)frame->weights + k->first * taps;
    sums s = {{k->bias[0], k->bias[1], k->bias[2], k->bias[3]}};
    for (int32_t ky = w->kernel_height; ky > 0; ky--, x += line_step)
        weights = add_line(x, w->dilation_width * w->input_channels, weights, taps, w->kernel_width, &s);
    int8_t *y = frame->arena + w->output + k->first;
    put_outputs(k, &s, p->output_zero_point, 4, y);
}

/* Whether the layer is a single window that lies in the input, of which each channel is used once. */
static bool is_single(const eml_window *w)
{
    return w->batches == 1 && w->output_height == 1 && w->output_width == 1 && w->pad_top == 0 && w->pad_left == 0 && w->input_channels == w->output_channels
        && (w->kernel_height - 1) * w->dilation_height < w->input_height && (w->kernel_width - 1) * w->dilation_width < w->input_width;
}

/* The outputs of some channels one by one, without scratch. */
static void run_in_place(const eml_depthwise *p, const eml_frame *frame, const uint8_t *table, const block *k)
{
    const eml_window *w = &p->window;
    int32_t taps = w->kernel_height * w->kernel_width;
    int8_t *y = frame->arena + w->output + k->first;
    for (int32_t position = 0; position < w->batches * w->output_height * w->output_width; position++, y += w->output_channels) {
        int32_t top = position / w->output_width % w->output_height * w->stride_height - w->pad_top;
        int32_t left = position % w->output_width * w->stride_width - w->pad_left;
        const int8_t *image = frame->arena + w->input + position / w->output_width / w->output_height * w->input_height * w->input_width * w->input_channels;
        for (int32_t c = 0; c < k->count; c++) {
            const int8_t *weights = (const int8_t *)frame->weights + (k->first + c) * taps;
            int32_t sum = k->bias[c];
            for (int32_t t = 0; t < taps; t++) {
                int32_t iy = top + t / w->kernel_width * w->dilation_height;
                int32_t ix = left + t % w->kernel_width * w->dilation_width;
                bool inside = iy >= 0 && iy < w->input_height && ix >= 0 && ix < w->input_width;
                int32_t x = inside ? image[(iy * w->input_width + ix) * w->input_channels + k->channels[c]] : p->input_zero_point;
                sum = eml_add(sum, x * weights[t]);
            }
            y[c] = eml_channel_output(table, w->output_channels, k->first + c, sum, p->output_zero_point);
        }
    }
}

void eml_depthwise_conv2d_run(const eml_frame *frame)
{
    eml_depthwise p;
    memcpy(&p, frame->parameters, sizeof p);
    normalise(&p.window);
    const eml_window *w = &p.window;
    const uint8_t *table = frame->weights + eml_align4(w->kernel_height * w->kernel_width * w->output_channels);
    bool has_strip = strip_bytes(w) != 0;
    bool single = is_single(w);
    for (int32_t first = 0; first < w->output_channels; first += 4) {
        block k;
        bool fast = block_at(&k, w, table, first);
        if (fast && single && k.count == 4)
            run_single(&p, frame, &k);
        else if (fast && has_strip)
            run_strip(&p, frame, &k);
        else
            run_in_place(&p, frame, table, &k);
    }
    eml_clamp_outputs(frame->arena + w->output, w->batches * w->output_height * w->output_width * w->output_channels, w->low, w->high);
}

static void validate(eml_layer *layer)
{
    eml_depthwise p;
    eml_depthwise_validate(layer, &p);
}

const eml_kernel eml_depthwise_conv2d = {EML_PARAMETERS(eml_depthwise), validate, eml_depthwise_conv2d_run, NULL};
