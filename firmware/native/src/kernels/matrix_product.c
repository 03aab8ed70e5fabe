#include "matrix_product.h"

void eml_matrix_product_validate(eml_layer *layer, eml_matrix_product *p, int32_t size)
{
    memcpy(p, layer->parameters, sizeof *p);
    eml_arena(layer, p->output, eml_product(layer, size, eml_product_of(layer, p->shape, EML_MATRIX_AXES - 1)));
    eml_strided(layer, p->input1, p->strides1, p->shape, EML_MATRIX_AXES, 0, size);
    eml_strided(layer, p->input2, p->strides2, p->shape, EML_MATRIX_AXES, 0, size);
    eml_check(layer, p->multiplier >= 0);
    eml_weights(layer, 0);
}

void eml_matrix_product_run(const eml_frame *frame, int32_t size, eml_inner_product inner)
{
    eml_matrix_product p;
    memcpy(&p, frame->parameters, sizeof p);
    const int32_t *d = p.shape;
    int8_t *y = frame->arena + p.output;
    for (int32_t output = 0; output < d[0] * d[1] * d[2] * d[3] * d[4]; output++, y += size) {
        int32_t rest = output;
        int32_t x1 = 0;
        int32_t x2 = 0;
        for (int32_t axis = EML_MATRIX_AXES - 2; axis >= 0; axis--) {
            /* The first input has no column and the second one no row, whatever their strides say. */
            x1 += axis == 4 ? 0 : rest % d[axis] * p.strides1[axis];
            x2 += axis == 3 ? 0 : rest % d[axis] * p.strides2[axis];
            rest /= d[axis];
        }
        inner(&p, frame->arena + p.input1 + size * x1, frame->arena + p.input2 + size * x2, y);
    }
}
