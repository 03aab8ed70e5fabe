/* int16 mean or sum over any axes. */
#include "arithmetic/fixed_point.h"
#include "kernels.h"
#include "reduction.h"

static int32_t add(int32_t value, const int8_t *x)
{
    return eml_add(value, eml_int16(x));
}

static void finish(const eml_reduction *p, int32_t value, int8_t *y)
{
    eml_put_int16(y, eml_clamp16(eml_add(eml_multiply(eml_sub(value, p->input_bias), p->multiplier, p->shift), p->output_zero_point)));
}

static void validate(eml_layer *layer)
{
    eml_mean_validate(layer, 2);
}

static void run(const eml_frame *frame)
{
    eml_reduction_run(frame, EML_PARAMETERS(eml_reduction), 2, 0, add, finish);
}

const eml_kernel eml_mean_int16 = {EML_PARAMETERS(eml_reduction), validate, run, NULL};
