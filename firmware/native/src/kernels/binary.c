#include "binary.h"

void eml_binary_validate_raw(eml_layer *layer)
{
    eml_binary p;
    memcpy(&p, layer->parameters, 4 * EML_BINARY_RAW);
    eml_arena(layer, p.output, eml_product_of(layer, p.shape, 4));
    eml_activation(layer, p.low, p.high, -128, 127);
    eml_strided(layer, p.input1, p.strides1, p.shape, 4, 0, 1);
    eml_strided(layer, p.input2, p.strides2, p.shape, 4, 0, 1);
    eml_weights(layer, 0);
}

void eml_binary_validate(eml_layer *layer, int32_t factors)
{
    eml_binary_validate_raw(layer);
    eml_binary p;
    memcpy(&p, layer->parameters, 4 * (size_t)EML_BINARY_PARAMETERS(factors));
    eml_range(layer, p.zero_point1, -128, 127);
    eml_range(layer, p.zero_point2, -128, 127);
    eml_range(layer, p.output_zero_point, -128, 127);
    eml_multipliers(layer, &p.factors[0].multiplier, factors, 30);
}

void eml_binary_run(const eml_frame *frame, int32_t parameter_count, eml_binary_operator operation)
{
    eml_binary p;
    memcpy(&p, frame->parameters, 4 * (size_t)parameter_count);
    const int32_t *d = p.shape;
    int8_t *y = frame->arena + p.output;
    for (int32_t row = 0; row < d[0] * d[1] * d[2]; row++) {
        int32_t i2 = row % d[2];
        int32_t i1 = row / d[2] % d[1];
        int32_t i0 = row / d[2] / d[1];
        const int8_t *x1 = frame->arena + p.input1 + i0 * p.strides1[0] + i1 * p.strides1[1] + i2 * p.strides1[2];
        const int8_t *x2 = frame->arena + p.input2 + i0 * p.strides2[0] + i1 * p.strides2[1] + i2 * p.strides2[2];
        for (int32_t i = d[3]; i > 0; i--, x1 += p.strides1[3], x2 += p.strides2[3])
            *y++ = (int8_t)eml_clamp(operation(&p, *x1, *x2), p.low, p.high);
    }
}
