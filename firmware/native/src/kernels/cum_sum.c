/* int8 running sum along an axis; the input is [outer, depth, inner]. */
#include "kernels.h"
#include "sum_scale.h"

typedef struct parameters {
    eml_sum_scale scale;
    int32_t input;
    int32_t output;
    int32_t outer;
    int32_t depth;
    int32_t inner;
    int32_t exclusive; /* 1 where an element does not count for its own sum */
    int32_t reverse;   /* 1 where sums run from the end */
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_sum_scale_validate(layer, &p.scale);
    eml_range(layer, p.depth, 1, EML_MAX_TERMS);
    int32_t count = eml_product_of(layer, &p.outer, 3);
    eml_arena(layer, p.input, count);
    eml_arena(layer, p.output, count);
    eml_range(layer, p.exclusive, 0, 1);
    eml_range(layer, p.reverse, 0, 1);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t step = p.reverse ? -p.inner : p.inner;
    for (int32_t i = 0; i < p.outer; i++) {
        for (int32_t j = 0; j < p.inner; j++) {
            int32_t offset = i * p.depth * p.inner + j + (p.reverse ? (p.depth - 1) * p.inner : 0);
            int32_t sum = p.scale.start;
            for (int32_t k = 0; k < p.depth; k++, offset += step) {
                int32_t before = sum;
                sum += frame->arena[p.input + offset] - p.scale.input_zero_point;
                frame->arena[p.output + offset] = eml_sum_output(&p.scale, p.exclusive ? before : sum);
            }
        }
    }
}

const eml_kernel eml_cum_sum = {EML_PARAMETERS(parameters), validate, run, NULL};
