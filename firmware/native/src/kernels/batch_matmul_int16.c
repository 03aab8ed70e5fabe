/* int16 matrix products with 64-bit accumulators and a Q0.15 multiplier; zero points do not count. */
#include "arithmetic/fixed_point.h"
#include "kernels.h"
#include "matrix_product.h"
#include "wide_channel_table.h"

static void validate(eml_layer *layer)
{
    eml_matrix_product p;
    eml_matrix_product_validate(layer, &p, 2);
    eml_range(layer, p.multiplier, 0, INT16_MAX);
    eml_range(layer, p.shift, -31, EML_WIDE_SHIFT_MAX);
}

static void inner(const eml_matrix_product *p, const int8_t *x1, const int8_t *x2, int8_t *y)
{
    int64_t sum = 0;
    for (int32_t k = p->shape[5]; k > 0; k--, x1 += 2 * p->strides1[5], x2 += 2 * p->strides2[5])
        sum += eml_int16(x1) * eml_int16(x2);
    eml_put_int16(y, eml_clamp16(eml_multiply_reduced(sum, p->multiplier, p->shift)));
}

static void run(const eml_frame *frame)
{
    eml_matrix_product_run(frame, 2, inner);
}

const eml_kernel eml_batch_matmul_int16 = {EML_PARAMETERS(eml_matrix_product), validate, run, NULL};
