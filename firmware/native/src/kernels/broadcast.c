#include "broadcast.h"

void eml_broadcast_validate(eml_layer *layer, eml_broadcast *p)
{
    memcpy(p, layer->parameters, sizeof *p);
    eml_range(layer, p->output_size, 1, 8);
    eml_arena(layer, p->output, eml_product(layer, eml_product_of(layer, p->shape, 4), p->output_size));
    for (int32_t input = 0; input < 3; input++) {
        eml_range(layer, p->inputs[input], 0, EML_MAX_BYTES);
        eml_range(layer, p->input_sizes[input], 1, 8);
        if (!layer->failed)
            eml_strided(layer, p->inputs[input] + p->input_sizes[input] - 1, p->strides[input], p->shape, 4, 0, 1);
    }
    eml_weights(layer, 0);
}

void eml_broadcast_run(const eml_frame *frame, const eml_broadcast *p, eml_broadcast_operator operation)
{
    const int32_t *d = p->shape;
    int8_t *y = frame->arena + p->output;
    for (int32_t row = 0; row < d[0] * d[1] * d[2]; row++) {
        const int8_t *x[3];
        for (int32_t input = 0; input < 3; input++) {
            const int32_t *strides = p->strides[input];
            x[input] = frame->arena + p->inputs[input] + row / d[2] / d[1] * strides[0] + row / d[2] % d[1] * strides[1] + row % d[2] * strides[2];
        }
        for (int32_t i = 0; i < d[3]; i++, y += p->output_size) {
            operation(p, x, y);
            for (int32_t input = 0; input < 3; input++)
                x[input] += p->strides[input][3];
        }
    }
}
