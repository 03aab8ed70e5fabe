/*
 * Convolution of int16 activations with int8 weights; all zero points are 0. Also depthwise convolutions (as many groups as input channels) and fully connected layers
 * (1x1 windows, one column a row). Weights: w [OC, KH, KW, IC / groups] int8, then a wide channel table.
 */
#include "kernels.h"
#include "wide_channel_table.h"
#include "window.h"

typedef struct parameters {
    eml_window window;
    int32_t groups;
    int32_t wide; /* 1 for 64-bit accumulators */
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    eml_window16_validate(layer, &p.window);
    memcpy(&p, layer->parameters, sizeof p);
    const eml_window *w = &p.window;
    eml_range(layer, p.wide, 0, 1);
    eml_range(layer, p.groups, 1, EML_MAX_BYTES);
    if (layer->failed)
        return;
    eml_check(layer, w->input_channels % p.groups == 0 && w->output_channels % p.groups == 0);
    int32_t filter = eml_product(layer, eml_product(layer, w->kernel_height, w->kernel_width), w->input_channels / p.groups);
    eml_wide_channel_table_validate(layer, eml_product(layer, filter, w->output_channels), w->output_channels, p.wide != 0);
}

/* The products of one output; the window's first tap lies at row top and column left of an image that begins with the group's first channel. */
static int64_t sum_of(const eml_window *w, const int8_t *image, const int8_t *filter, int32_t channels, int32_t top, int32_t left)
{
    eml_taps rows = eml_taps_inside(top, w->dilation_height, w->kernel_height, w->input_height);
    eml_taps columns = eml_taps_inside(left, w->dilation_width, w->kernel_width, w->input_width);
    int64_t sum = 0;
    for (int32_t ky = rows.first; ky < rows.end; ky++) {
        for (int32_t kx = columns.first; kx < columns.end; kx++) {
            const int8_t *x = image + 2 * ((top + ky * w->dilation_height) * w->input_width + left + kx * w->dilation_width) * w->input_channels;
            const int8_t *weights = filter + (ky * w->kernel_width + kx) * channels;
            for (int32_t c = 0; c < channels; c++)
                sum += eml_int16(x + 2 * c) * weights[c];
        }
    }
    return sum;
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const eml_window *w = &p.window;
    int32_t channels = w->input_channels / p.groups;
    int32_t filter = w->kernel_height * w->kernel_width * channels;
    const uint8_t *table = frame->weights + eml_align4(filter * w->output_channels);
    int8_t *y = frame->arena + w->output;
    for (int32_t position = 0; position < w->batches * w->output_height * w->output_width; position++) {
        int32_t top = position / w->output_width % w->output_height * w->stride_height - w->pad_top;
        int32_t left = position % w->output_width * w->stride_width - w->pad_left;
        const int8_t *image = frame->arena + w->input + position / w->output_width / w->output_height * w->input_height * w->input_width * w->input_channels * 2;
        for (int32_t c = 0; c < w->output_channels; c++, y += 2) {
            int32_t group = c / (w->output_channels / p.groups);
            int64_t sum = sum_of(w, image + 2 * group * channels, (const int8_t *)frame->weights + c * filter, channels, top, left);
            eml_put_int16(y, eml_wide_channel_output(table, w->output_channels, c, sum, p.wide != 0, w->low, w->high));
        }
    }
}

const eml_kernel eml_conv2d_int16 = {EML_PARAMETERS(parameters), validate, run, NULL};
