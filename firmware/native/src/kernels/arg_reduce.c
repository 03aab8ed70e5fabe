/* Index of the greatest or least element along an axis, the lowest index among equals. The input is [outer, depth, inner], the output [outer, inner]. */
#include "element.h"
#include "kernel.h"
#include "kernels.h"

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t outer;
    int32_t depth;
    int32_t inner;
    int32_t input_type;
    int32_t output_type;
    int32_t greatest;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.input_type, 0, EML_UINT8);
    eml_range(layer, p.output_type, 0, EML_INT64);
    eml_range(layer, p.greatest, 0, 1);
    eml_weights(layer, 0);
    if (layer->failed)
        return;
    int32_t outputs = eml_product(layer, p.outer, p.inner);
    eml_arena(layer, p.input, eml_product(layer, eml_product(layer, outputs, p.depth), 1 << eml_size_shift(p.input_type)));
    eml_arena(layer, p.output, eml_product(layer, outputs, 1 << eml_size_shift(p.output_type)));
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t size = 1 << eml_size_shift(p.input_type);
    int8_t *y = frame->arena + p.output;
    for (int32_t i = 0; i < p.outer * p.inner; i++) {
        const int8_t *x = frame->arena + p.input + size * (i / p.inner * p.depth * p.inner + i % p.inner);
        int32_t best = 0;
        int32_t extreme = eml_read(x, p.input_type);
        for (int32_t k = 1; k < p.depth; k++) {
            x += p.inner * size;
            int32_t value = eml_read(x, p.input_type);
            if (p.greatest ? value > extreme : value < extreme) {
                extreme = value;
                best = k;
            }
        }
        eml_write(y, p.output_type, best);
        y += 1 << eml_size_shift(p.output_type);
    }
}

const eml_kernel eml_arg_reduce = {EML_PARAMETERS(parameters), validate, run, NULL};
