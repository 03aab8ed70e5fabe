/*
 * int8 x1 - x2 or (x1 - x2)^2: both inputs are brought to the scale 2 * max(s1, s2) / 2^k, subtracted, and requantised; k is 20, and 7 where the difference is squared.
 */
#include "binary.h"
#include "kernels.h"

static int32_t difference(const eml_binary *p, int32_t x1, int32_t x2, int32_t left_shift)
{
    int32_t a = eml_scale(p->factors[0], (x1 - p->zero_point1) * (1 << left_shift));
    int32_t b = eml_scale(p->factors[1], (x2 - p->zero_point2) * (1 << left_shift));
    return eml_sub(a, b);
}

static int32_t sub(const eml_binary *p, int32_t x1, int32_t x2)
{
    return eml_add(eml_scale(p->factors[2], difference(p, x1, x2, 20)), p->output_zero_point);
}

static int32_t squared(const eml_binary *p, int32_t x1, int32_t x2)
{
    int32_t root = difference(p, x1, x2, 7);
    return eml_add(eml_scale(p->factors[2], eml_mul(root, root)), p->output_zero_point);
}

static void validate(eml_layer *layer)
{
    eml_binary_validate(layer, 3);
}

static void run_sub(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_PARAMETERS(3), sub);
}

static void run_squared(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_PARAMETERS(3), squared);
}

const eml_kernel eml_sub_int8 = {EML_BINARY_PARAMETERS(3), validate, run_sub, NULL};
const eml_kernel eml_squared_difference = {EML_BINARY_PARAMETERS(3), validate, run_squared, NULL};
