/* The slices of an axis at indices that are computed at run time. An index outside the axis takes the first or the last slice. */
#include "element.h"
#include "kernel.h"
#include "kernels.h"

typedef struct parameters {
    int32_t input;
    int32_t indices;
    int32_t output;
    int32_t outer;
    int32_t depth;
    int32_t inner_bytes;
    int32_t length;
    int32_t index_type;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.index_type, 0, EML_INT64);
    eml_weights(layer, 0);
    if (layer->failed)
        return;
    int32_t slices = eml_product(layer, p.outer, p.inner_bytes);
    eml_arena(layer, p.input, eml_product(layer, slices, p.depth));
    eml_arena(layer, p.output, eml_product(layer, slices, p.length));
    eml_arena(layer, p.indices, eml_product(layer, p.length, 1 << eml_size_shift(p.index_type)));
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    for (int32_t i = 0; i < p.outer; i++, x += p.depth * p.inner_bytes) {
        for (int32_t j = 0; j < p.length; j++, y += p.inner_bytes) {
            int32_t index = eml_read(frame->arena + p.indices + (j << eml_size_shift(p.index_type)), p.index_type);
            memmove(y, x + eml_clamp(index, 0, p.depth - 1) * p.inner_bytes, (size_t)p.inner_bytes);
        }
    }
}

const eml_kernel eml_gather_elements = {EML_PARAMETERS(parameters), validate, run, NULL};
