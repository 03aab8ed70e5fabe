/* Layers of the managed PackedPositions on the plain convolution. */
#include "convolution.h"
#include "kernels.h"
#include "packed.h"

enum { TAPS = 16, WORDS = 3, POOL = 48, POSITIONS = EML_LANES * WORDS };

typedef struct parameters {
    eml_convolution convolution;
    int32_t source;
    int32_t tile_channels;
    int32_t flush_blocks;
    int32_t right_shift;
} parameters;

static bool is_pointwise(const eml_convolution *c)
{
    const eml_window *w = &c->window;
    return c->groups == 1 && w->kernel_height == 1 && w->kernel_width == 1 && w->stride_height == 1 && w->stride_width == 1 && w->pad_top == 0 && w->pad_left == 0
        && w->output_height == w->input_height && w->output_width == w->input_width;
}

static void validate(eml_layer *layer)
{
    parameters p;
    eml_convolution_validate(layer, &p.convolution, EML_WEIGHTS_INT8);
    memcpy(&p, layer->parameters, sizeof p);
    const eml_window *w = &p.convolution.window;
    eml_range(layer, p.flush_blocks, 0, EML_MAX_EXTENT);
    eml_range(layer, p.right_shift, 0, EML_RIGHT_SHIFT_MAX);
    if (layer->failed)
        return;
    int32_t groups = p.convolution.groups;
    eml_range(layer, p.tile_channels, 1, w->output_channels / groups);
    eml_check(layer, POOL + (p.flush_blocks == 0 ? (int64_t)1 : 2) * WORDS * p.tile_channels <= layer->lanes);
    int32_t window = eml_product(layer, eml_product(layer, w->kernel_height, w->kernel_width), w->input_channels / groups);
    /* A block reads beyond a filter that is shorter than it; what follows is the next one, or the table. */
    int64_t read = (int64_t)(w->output_channels - 1) * window + (window < TAPS ? TAPS : window);
    eml_check(layer, read <= layer->weights_length);
    if (p.source == EML_FROM_WINDOWS)
        eml_strip(layer, (POSITIONS + (int64_t)1) * window);
    else
        eml_check(layer, p.source == EML_FROM_ARENA && is_pointwise(&p.convolution));
}

const eml_kernel eml_packed_positions = {EML_PARAMETERS(parameters), validate, eml_conv2d_run, NULL};
