#include "reduction.h"

void eml_reduction_validate(eml_layer *layer, int32_t size)
{
    eml_reduction p;
    memcpy(&p, layer->parameters, 4 * EML_REDUCTION_PARAMETERS);
    int32_t kept = eml_product(layer, eml_product(layer, p.shape[0], p.shape[2]), p.shape[4]);
    int32_t reduced = eml_product(layer, eml_product(layer, p.shape[1], p.shape[3]), p.shape[5]);
    eml_arena(layer, p.input, eml_product(layer, eml_product(layer, kept, reduced), size));
    eml_arena(layer, p.output, eml_product(layer, kept, size));
    eml_weights(layer, 0);
}

void eml_mean_validate(eml_layer *layer, int32_t size)
{
    eml_reduction_validate(layer, size);
    eml_reduction p;
    memcpy(&p, layer->parameters, sizeof p);
    int32_t greatest = size == 1 ? INT8_MAX : INT16_MAX;
    eml_range(layer, p.output_zero_point, -greatest - 1, greatest);
    eml_check(layer, p.multiplier >= 0);
    eml_range(layer, p.shift, -62, 30);
}

void eml_reduction_run(const eml_frame *frame, int32_t parameter_count, int32_t size, int32_t first, eml_combine combine, eml_finish finish)
{
    eml_reduction p;
    memcpy(&p, frame->parameters, 4 * (size_t)parameter_count);
    const int32_t *d = p.shape;
    int32_t stride1 = d[4] * d[5];
    int32_t stride0 = d[2] * d[3] * stride1;
    int8_t *y = frame->arena + p.output;
    for (int32_t i = 0; i < d[0] * d[2] * d[4]; i++, y += size) {
        int32_t i1 = i / d[4];
        const int8_t *x = frame->arena + p.input + size * (i1 / d[2] * d[1] * stride0 + i1 % d[2] * d[3] * stride1 + i % d[4] * d[5]);
        int32_t value = first;
        for (int32_t j0 = 0; j0 < d[1]; j0++) {
            for (int32_t j1 = 0; j1 < d[3]; j1++) {
                const int8_t *element = x + size * (j0 * stride0 + j1 * stride1);
                for (int32_t j2 = 0; j2 < d[5]; j2++, element += size)
                    value = combine(value, element);
            }
        }
        finish(&p, value, y);
    }
}
