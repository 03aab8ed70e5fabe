/* int8 mean or sum over any axes: requantise(sum of x - zp_in * n) + zp_out; a mean's multiplier holds the division by n. */
#include "arithmetic/fixed_point.h"
#include "kernels.h"
#include "reduction.h"

static int32_t add(int32_t value, const int8_t *x)
{
    return eml_add(value, *x);
}

static void finish(const eml_reduction *p, int32_t value, int8_t *y)
{
    *y = (int8_t)eml_clamp8(eml_add(eml_multiply(eml_sub(value, p->input_bias), p->multiplier, p->shift), p->output_zero_point));
}

static void validate(eml_layer *layer)
{
    eml_mean_validate(layer, 1);
}

static void run(const eml_frame *frame)
{
    eml_reduction_run(frame, EML_PARAMETERS(eml_reduction), 1, 0, add, finish);
}

const eml_kernel eml_mean = {EML_PARAMETERS(eml_reduction), validate, run, NULL};
