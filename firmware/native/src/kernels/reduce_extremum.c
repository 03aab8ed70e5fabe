/* Greatest or least int8 value over any axes. */
#include "kernels.h"
#include "reduction.h"

static int32_t greater(int32_t value, const int8_t *x)
{
    return *x > value ? *x : value;
}

static int32_t lesser(int32_t value, const int8_t *x)
{
    return *x < value ? *x : value;
}

static void finish(const eml_reduction *p, int32_t value, int8_t *y)
{
    (void)p;
    *y = (int8_t)value;
}

static void validate(eml_layer *layer)
{
    eml_reduction_validate(layer, 1);
}

static void run_max(const eml_frame *frame)
{
    eml_reduction_run(frame, EML_REDUCTION_PARAMETERS, 1, -128, greater, finish);
}

static void run_min(const eml_frame *frame)
{
    eml_reduction_run(frame, EML_REDUCTION_PARAMETERS, 1, 127, lesser, finish);
}

const eml_kernel eml_reduce_max = {EML_REDUCTION_PARAMETERS, validate, run_max, NULL};
const eml_kernel eml_reduce_min = {EML_REDUCTION_PARAMETERS, validate, run_min, NULL};
