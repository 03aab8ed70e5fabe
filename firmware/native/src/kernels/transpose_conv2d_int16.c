/* Transposed convolution of int16 activations with int8 weights and 64-bit accumulators. Weights: w [OC, KH, KW, IC] int8, then a wide channel table. */
#include "kernels.h"
#include "transposed.h"
#include "wide_channel_table.h"

static void validate(eml_layer *layer)
{
    eml_window w;
    eml_window16_validate(layer, &w);
    eml_check(layer, w.dilation_height == 1 && w.dilation_width == 1);
    int32_t filter = eml_product(layer, eml_product(layer, w.kernel_height, w.kernel_width), w.input_channels);
    eml_wide_channel_table_validate(layer, eml_product(layer, filter, w.output_channels), w.output_channels, true);
}

static int64_t products(const int8_t *x, const int8_t *w, int32_t channels, int32_t zero_point)
{
    (void)zero_point;
    int64_t sum = 0;
    for (int32_t c = 0; c < channels; c++)
        sum += eml_int16(x + 2 * c) * w[c];
    return sum;
}

static void run(const eml_frame *frame)
{
    eml_window w;
    memcpy(&w, frame->parameters, sizeof w);
    int32_t filter = w.kernel_height * w.kernel_width * w.input_channels;
    const uint8_t *table = frame->weights + eml_align4(filter * w.output_channels);
    int8_t *y = frame->arena + w.output;
    for (int32_t position = 0; position < w.batches * w.output_height * w.output_width; position++) {
        int32_t row = position / w.output_width % w.output_height + w.pad_top;
        int32_t column = position % w.output_width + w.pad_left;
        const int8_t *image = frame->arena + w.input + position / w.output_width / w.output_height * w.input_height * w.input_width * w.input_channels * 2;
        for (int32_t c = 0; c < w.output_channels; c++, y += 2) {
            int64_t sum = eml_transposed_sum(&w, image, (const int8_t *)frame->weights + c * filter, row, column, 2, 0, products);
            eml_put_int16(y, eml_wide_channel_output(table, w.output_channels, c, sum, true, w.low, w.high));
        }
    }
}

const eml_kernel eml_transpose_conv2d_int16 = {EML_PARAMETERS(eml_window), validate, run, NULL};
