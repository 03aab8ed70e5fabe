/* int8 transposed convolution. Weights: w [OC, KH, KW, IC] int8, then a channel table with the bias as it is. */
#include "channel_table.h"
#include "kernels.h"
#include "transposed.h"

typedef struct parameters {
    eml_window window;
    int32_t input_zero_point;
    int32_t output_zero_point;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    eml_window_validate(layer, &p.window);
    memcpy(&p, layer->parameters, sizeof p);
    const eml_window *w = &p.window;
    eml_check(layer, w->dilation_height == 1 && w->dilation_width == 1);
    eml_range(layer, p.input_zero_point, -128, 127);
    eml_range(layer, p.output_zero_point, -128, 127);
    int32_t filter = eml_product(layer, eml_product(layer, w->kernel_height, w->kernel_width), w->input_channels);
    eml_channel_table_validate(layer, eml_product(layer, filter, w->output_channels), w->output_channels);
}

static int64_t products(const int8_t *x, const int8_t *w, int32_t channels, int32_t zero_point)
{
    int64_t sum = 0;
    for (int32_t c = 0; c < channels; c++)
        sum += (x[c] - zero_point) * w[c];
    return sum;
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const eml_window *w = &p.window;
    int32_t filter = w->kernel_height * w->kernel_width * w->input_channels;
    const uint8_t *table = frame->weights + eml_align4(filter * w->output_channels);
    int8_t *y = frame->arena + w->output;
    for (int32_t position = 0; position < w->batches * w->output_height * w->output_width; position++) {
        int32_t row = position / w->output_width % w->output_height + w->pad_top;
        int32_t column = position % w->output_width + w->pad_left;
        const int8_t *image = frame->arena + w->input + position / w->output_width / w->output_height * w->input_height * w->input_width * w->input_channels;
        for (int32_t c = 0; c < w->output_channels; c++) {
            int32_t sum = (int32_t)eml_transposed_sum(w, image, (const int8_t *)frame->weights + c * filter, row, column, 1, p.input_zero_point, products);
            int32_t value = eml_channel_output(table, w->output_channels, c, eml_add(eml_int32(table + 4 * c), sum), p.output_zero_point);
            *y++ = (int8_t)eml_clamp(value, w->low, w->high);
        }
    }
}

const eml_kernel eml_transpose_conv2d = {EML_PARAMETERS(parameters), validate, run, NULL};
