/* Layers of the managed SlidingDepthwiseConv2D on the plain depthwise convolution. */
#include "depthwise_conv2d.h"
#include "kernels.h"
#include "packed.h"

enum { GROUPS_MAX = 10 };

typedef struct parameters {
    eml_depthwise depthwise;
    int32_t axis; /* along which the window slides, 0 for the width and 1 for the height */
    int32_t lane_bits;
    int32_t table_first;
    int32_t table_entries;
} parameters;

/* Groups of three taps that a window is cut into. */
static int64_t group_count(int32_t lines, int32_t taps, int32_t stride)
{
    int64_t groups = 0;
    for (int32_t phase = 0; phase < stride && phase < taps; phase++)
        groups += ((taps - phase + stride - 1) / stride + EML_LANES - 1) / EML_LANES;
    return groups * lines;
}

/* An output of an accumulator without the zero point. */
static int64_t value_of(int64_t accumulator, int32_t multiplier, int32_t shift, bool negative)
{
    int64_t rounding = shift >= 0 ? (int64_t)1 << (30 - shift) : 0x40000000 + (negative ? ((int64_t)1 << (30 - shift)) - ((int64_t)1 << 31) : (int64_t)1 << (30 - shift));
    return (int64_t)((uint64_t)accumulator * (uint64_t)(int64_t)multiplier + (uint64_t)rounding) >> (31 - shift);
}

/* The outputs of a channel lie in the table. */
static void check_channel(eml_layer *layer, const parameters *p, int32_t c, int32_t taps)
{
    int32_t channels = p->depthwise.window.output_channels;
    const int8_t *weights = (const int8_t *)layer->weights + c * taps;
    const uint8_t *table = layer->weights + eml_align4(taps * channels);
    int32_t sum = 0;
    for (int32_t tap = 0; tap < taps; tap++)
        sum += weights[tap] < 0 ? -weights[tap] : weights[tap];
    int64_t bias = (int64_t)eml_int32(table + 4 * c) - sum * EML_ACTIVATION_BOUND;
    int32_t multiplier = eml_int32(table + 4 * (channels + c));
    int32_t shift = (int8_t)table[8 * channels + c];
    int32_t sum_max = (1 << p->lane_bits) - 1;
    eml_check(layer, shift >= -EML_TABLE_RIGHT_SHIFT_MAX && value_of(bias, multiplier, shift, true) >= p->table_first
        && value_of(bias + sum_max, multiplier, shift, false) < (int64_t)p->table_first + p->table_entries);
}

static void validate(eml_layer *layer)
{
    parameters p;
    eml_depthwise_validate(layer, &p.depthwise);
    memcpy(&p, layer->parameters, sizeof p);
    const eml_window *w = &p.depthwise.window;
    eml_range(layer, p.axis, 0, 1);
    eml_range(layer, p.lane_bits, 1, EML_LANE_BITS);
    eml_range(layer, p.table_first, -EML_TABLE_ENTRIES_MAX, EML_TABLE_ENTRIES_MAX);
    eml_range(layer, p.table_entries, 1, EML_TABLE_ENTRIES_MAX);
    eml_lanes(layer, 4 * GROUPS_MAX);
    eml_strip(layer, p.table_entries);
    eml_check(layer, eml_fits_strip(layer));
    if (layer->failed)
        return;
    bool along_width = p.axis == 0;
    eml_check(layer, (along_width ? w->dilation_width : w->dilation_height) == 1);
    eml_check(layer, group_count(along_width ? w->kernel_height : w->kernel_width, along_width ? w->kernel_width : w->kernel_height,
        along_width ? w->stride_width : w->stride_height) <= GROUPS_MAX);
    for (int32_t c = 0; c < w->output_channels && !layer->failed; c++)
        check_channel(layer, &p, c, w->kernel_height * w->kernel_width);
}

const eml_kernel eml_sliding_depthwise_conv2d = {EML_PARAMETERS(parameters), validate, eml_depthwise_conv2d_run, NULL};
