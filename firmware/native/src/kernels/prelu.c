/* int8 rectifier with slopes as its second input: x1 where it is not negative, x1 * x2 elsewhere. */
#include "binary.h"
#include "kernels.h"

static int32_t rectify(const eml_binary *p, int32_t x1, int32_t x2)
{
    int32_t value = x1 - p->zero_point1;
    value = value >= 0 ? eml_scale(p->factors[0], value) : eml_scale(p->factors[1], value * (x2 - p->zero_point2));
    return eml_add(value, p->output_zero_point);
}

static void validate(eml_layer *layer)
{
    eml_binary_validate(layer, 2);
}

static void run(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_PARAMETERS(2), rectify);
}

const eml_kernel eml_prelu = {EML_BINARY_PARAMETERS(2), validate, run, NULL};
