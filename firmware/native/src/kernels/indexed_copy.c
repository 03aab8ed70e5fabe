/*
 * Selects blocks by lists of indices along two axes: gather, nearest-neighbour resize, mirrored padding. Weights: rows [H] int32, then columns [W] int32, not negative.
 */
#include "kernels.h"

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t outer;
    int32_t outer_stride;
    int32_t rows;
    int32_t middle;
    int32_t middle_stride;
    int32_t columns;
    int32_t block;
} parameters;

static int64_t greatest(eml_layer *layer, int32_t first, int32_t count)
{
    int32_t most = 0;
    for (int32_t i = first; i < first + count; i++) {
        int32_t offset = eml_int32(layer->weights + 4 * i);
        eml_check(layer, offset >= 0);
        most = offset > most ? offset : most;
    }
    return most;
}

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    int32_t selected = eml_product(layer, eml_product(layer, p.outer, p.rows), eml_product(layer, p.middle, p.columns));
    eml_arena(layer, p.output, eml_product(layer, selected, p.block));
    eml_weights(layer, 4 * ((int64_t)p.rows + p.columns));
    if (layer->failed)
        return;
    eml_arena(layer, p.input, eml_product(layer, p.outer, p.outer_stride));
    eml_range(layer, p.middle_stride, 0, EML_MAX_BYTES);
    int64_t end = (p.middle - (int64_t)1) * p.middle_stride + greatest(layer, 0, p.rows) + greatest(layer, p.rows, p.columns) + p.block;
    eml_check(layer, end <= p.outer_stride);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const uint8_t *columns = frame->weights + 4 * p.rows;
    const int8_t *image = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    for (int32_t a = 0; a < p.outer; a++, image += p.outer_stride) {
        for (int32_t row = 0; row < p.rows; row++) {
            const int8_t *start = image + eml_int32(frame->weights + 4 * row);
            for (int32_t b = 0; b < p.middle; b++, start += p.middle_stride) {
                for (int32_t column = 0; column < p.columns; column++, y += p.block)
                    memmove(y, start + eml_int32(columns + 4 * column), (size_t)p.block);
            }
        }
    }
}

const eml_kernel eml_indexed_copy = {EML_PARAMETERS(parameters), validate, run, NULL};
