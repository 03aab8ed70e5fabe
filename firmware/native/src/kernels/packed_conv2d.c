/* Layers of the managed PackedConv2D, with 8-bit or 4-bit weights, on the plain convolution. */
#include "convolution.h"
#include "kernels.h"
#include "packed.h"

enum { POOL = 352, DEEP_TAPS = 48, WIDE_TAPS = 32, REST_TAPS = 16, LEAST_TAPS = 12, DEEP_TRIPLES = 6 };

typedef struct parameters {
    eml_convolution convolution;
    int32_t shape;
    int32_t source;
    int32_t tile_rows;
    int32_t tile_columns;
    int32_t flush_blocks;
    int32_t right_shift;
} parameters;

/* Groups of three output channels that are computed together. */
static int32_t block_triples(int32_t shape, int32_t channels)
{
    if (channels <= 9)
        return 3;
    if (channels <= 18 || shape == 0)
        return DEEP_TRIPLES;
    return channels <= 24 ? 8 : 11;
}

/* Bytes that the first block reads behind a run that is shorter than it. */
static int32_t slack(int32_t shape, int32_t run)
{
    int32_t taps = shape == 0 ? DEEP_TAPS : WIDE_TAPS;
    if (run <= taps - LEAST_TAPS)
        taps = run > LEAST_TAPS ? REST_TAPS : LEAST_TAPS;
    return taps > run ? taps - run : 0;
}

/* Rows or columns of the input from the first tap of the first window to the last tap of the last one. */
static int32_t reach(eml_layer *layer, int32_t windows, int32_t stride, int32_t kernel, int32_t dilation)
{
    int64_t reached = (int64_t)(windows - 1) * stride + (int64_t)(kernel - 1) * dilation + 1;
    eml_check(layer, reached <= EML_MAX_EXTENT);
    return reached <= EML_MAX_EXTENT ? (int32_t)reached : 1;
}

/* The strip that a tile of whole rows needs, and where windows are read in place, that they lie in the input. */
static void validate_rows(eml_layer *layer, const parameters *p, int32_t run)
{
    const eml_window *w = &p->convolution.window;
    eml_check(layer, p->convolution.groups == 1 && (w->dilation_width == 1 || w->kernel_width == 1));
    int32_t rows = reach(layer, p->tile_rows, w->stride_height, w->kernel_height, w->dilation_height);
    int32_t columns = reach(layer, p->tile_columns, w->stride_width, w->kernel_width, w->dilation_width);
    if (layer->failed)
        return;
    int32_t pitch = eml_product(layer, p->source == EML_FROM_ROWS ? columns : w->input_width, w->input_channels);
    if (w->dilation_height == 1 && pitch == run)
        run = eml_product(layer, run, w->kernel_height);
    if (p->source == EML_FROM_ROWS) {
        eml_strip(layer, (int64_t)eml_product(layer, rows, pitch) + slack(p->shape, run));
        return;
    }
    eml_strip(layer, slack(p->shape, run));
    eml_check(layer, w->pad_top == 0 && w->pad_left == 0
        && reach(layer, w->output_height, w->stride_height, w->kernel_height, w->dilation_height) <= w->input_height
        && reach(layer, w->output_width, w->stride_width, w->kernel_width, w->dilation_width) <= w->input_width);
}

static void validate(eml_layer *layer, eml_weight_format format)
{
    parameters p;
    eml_convolution_validate(layer, &p.convolution, format);
    memcpy(&p, layer->parameters, sizeof p);
    const eml_window *w = &p.convolution.window;
    eml_range(layer, p.shape, 0, 1);
    eml_range(layer, p.source, EML_FROM_ARENA, EML_FROM_WINDOWS);
    eml_range(layer, p.tile_rows, 1, w->output_height);
    eml_range(layer, p.tile_columns, 1, w->output_width);
    eml_range(layer, p.flush_blocks, 0, EML_MAX_EXTENT);
    eml_range(layer, p.right_shift, 0, EML_RIGHT_SHIFT_MAX);
    if (layer->failed)
        return;
    int32_t groups = p.convolution.groups;
    int32_t positions = eml_product(layer, p.tile_rows, p.tile_columns);
    int32_t sums = eml_product(layer, positions, block_triples(p.shape, w->output_channels / groups));
    eml_lanes(layer, POOL + (p.flush_blocks == 0 ? (int64_t)1 : 2) * sums);
    int32_t run = eml_product(layer, w->kernel_width, w->input_channels / groups);
    if (p.source != EML_FROM_WINDOWS) {
        validate_rows(layer, &p, run);
        return;
    }
    run = eml_product(layer, run, w->kernel_height);
    eml_strip(layer, ((int64_t)positions + 1) * run + slack(p.shape, run));
}

static void validate_int8(eml_layer *layer)
{
    validate(layer, EML_WEIGHTS_INT8);
}

static void validate_int4(eml_layer *layer)
{
    validate(layer, EML_WEIGHTS_INT4);
}

const eml_kernel eml_packed_conv2d = {EML_PARAMETERS(parameters), validate_int8, eml_conv2d_run, NULL};
const eml_kernel eml_packed_conv2d_int4 = {EML_PARAMETERS(parameters), validate_int4, eml_conv2d_int4_run, NULL};
