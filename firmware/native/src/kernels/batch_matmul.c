/* int8 matrix products: requantise(sum over k of (x1 - zp1) * (x2 - zp2)). */
#include "arithmetic/fixed_point.h"
#include "kernels.h"
#include "matrix_product.h"

static void validate(eml_layer *layer)
{
    eml_matrix_product p;
    eml_matrix_product_validate(layer, &p, 1);
    /* With it the arena bounds K, and so the time of a run. */
    eml_range(layer, p.strides1[EML_MATRIX_AXES - 1], 1, EML_MAX_BYTES);
    eml_range(layer, p.zero_point1, -128, 127);
    eml_range(layer, p.zero_point2, -128, 127);
    eml_range(layer, p.output_zero_point, -128, 127);
    eml_range(layer, p.shift, -31, 30);
}

static void inner(const eml_matrix_product *p, const int8_t *x1, const int8_t *x2, int8_t *y)
{
    int32_t sum = 0;
    for (int32_t k = p->shape[5]; k > 0; k--, x1 += p->strides1[5], x2 += p->strides2[5])
        sum = eml_add(sum, (*x1 - p->zero_point1) * (*x2 - p->zero_point2));
    *y = (int8_t)eml_clamp8(eml_add(eml_requantize(sum, p->multiplier, p->shift), p->output_zero_point));
}

static void run(const eml_frame *frame)
{
    eml_matrix_product_run(frame, 1, inner);
}

const eml_kernel eml_batch_matmul = {EML_PARAMETERS(eml_matrix_product), validate, run, NULL};
