/* Layers of the managed LineDepthwiseConv2D on the plain depthwise convolution. */
#include "depthwise_conv2d.h"
#include "kernels.h"
#include "packed.h"

enum { WINDOW = 3, LINES_MIN = 3, LINES_MAX = 5 };

typedef struct parameters {
    eml_depthwise depthwise;
    int32_t axis;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    eml_depthwise_validate(layer, &p.depthwise);
    memcpy(&p, layer->parameters, sizeof p);
    const eml_window *w = &p.depthwise.window;
    eml_check(layer, w->low == p.depthwise.output_zero_point);
    eml_range(layer, p.axis, 0, 1);
    eml_lanes(layer, LINES_MAX);
    if (layer->failed)
        return;
    eml_check(layer, w->kernel_height == WINDOW && w->kernel_width == WINDOW && w->stride_height == 1 && w->stride_width == 1 && w->dilation_height == 1 && w->dilation_width == 1);
    eml_check(layer, w->pad_top <= 1 && w->pad_left <= 1 && w->input_height >= WINDOW - 1 && w->input_width >= WINDOW - 1
        && w->output_height <= w->input_height + w->pad_top - 1 && w->output_width <= w->input_width + w->pad_left - 1);
    eml_check(layer, (p.axis == 0 ? w->output_height : w->output_width) >= LINES_MIN);
}

const eml_kernel eml_line_depthwise_conv2d = {EML_PARAMETERS(parameters), validate, eml_depthwise_conv2d_run, NULL};
