/* int8 bilinear resize in Q10 per axis, rounded half away from zero. The row at output y is y * row_scale + row_offset, held within the input; columns alike. */
#include "kernels.h"
#include "window.h"

enum { ONE = 1 << 10, HALF = 1 << 19, MAX_POSITION = 1 << 30 };

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t batches;
    int32_t input_height;
    int32_t input_width;
    int32_t output_height;
    int32_t output_width;
    int32_t channels;
    int32_t row_scale;
    int32_t row_offset;
    int32_t column_scale;
    int32_t column_offset;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    const int32_t *extents = &p.input_height;
    for (int32_t i = 0; i < 4; i++)
        eml_range(layer, extents[i], 1, EML_MAX_EXTENT);
    if (layer->failed)
        return;
    eml_range(layer, p.row_scale, 0, MAX_POSITION / p.output_height);
    eml_range(layer, p.row_offset, -MAX_POSITION, MAX_POSITION - 1);
    eml_range(layer, p.column_scale, 0, MAX_POSITION / p.output_width);
    eml_range(layer, p.column_offset, -MAX_POSITION, MAX_POSITION - 1);
    int32_t images = eml_product(layer, p.batches, p.channels);
    eml_arena(layer, p.input, eml_product(layer, images, eml_product(layer, p.input_height, p.input_width)));
    eml_arena(layer, p.output, eml_product(layer, images, eml_product(layer, p.output_height, p.output_width)));
    eml_weights(layer, 0);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t row_bytes = p.input_width * p.channels;
    const int8_t *image = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    for (int32_t b = 0; b < p.batches; b++, image += p.input_height * row_bytes) {
        for (int32_t oy = 0; oy < p.output_height; oy++) {
            int32_t position = eml_clamp(oy * p.row_scale + p.row_offset, 0, (p.input_height - 1) << 10);
            int32_t below = position & (ONE - 1);
            const int8_t *upper = image + (position >> 10) * row_bytes;
            const int8_t *lower = below == 0 ? upper : upper + row_bytes;
            for (int32_t ox = 0; ox < p.output_width; ox++) {
                position = eml_clamp(ox * p.column_scale + p.column_offset, 0, (p.input_width - 1) << 10);
                int32_t right = position & (ONE - 1);
                int32_t x = (position >> 10) * p.channels;
                int32_t next = right == 0 ? x : x + p.channels;
                for (int32_t c = 0; c < p.channels; c++) {
                    int32_t above_sum = upper[x + c] * (ONE - right) + upper[next + c] * right;
                    int32_t below_sum = lower[x + c] * (ONE - right) + lower[next + c] * right;
                    int32_t sum = above_sum * (ONE - below) + below_sum * below;
                    *y++ = (int8_t)((sum > 0 ? sum + HALF : sum - HALF) / (1 << 20));
                }
            }
        }
    }
}

const eml_kernel eml_resize_bilinear = {EML_PARAMETERS(parameters), validate, run, NULL};
