/* int8 multiplication: requantise((x1 - zp1) * (x2 - zp2)). */
#include "binary.h"
#include "kernels.h"

static int32_t mul(const eml_binary *p, int32_t x1, int32_t x2)
{
    return eml_add(eml_scale(p->factors[0], (x1 - p->zero_point1) * (x2 - p->zero_point2)), p->output_zero_point);
}

static void validate(eml_layer *layer)
{
    eml_binary_validate(layer, 1);
}

static void run(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_PARAMETERS(1), mul);
}

const eml_kernel eml_mul_int8 = {EML_BINARY_PARAMETERS(1), validate, run, NULL};
