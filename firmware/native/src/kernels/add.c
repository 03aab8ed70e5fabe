/* int8 addition: both inputs are brought to the scale 2 * max(s1, s2) / 2^20, added, and requantised. */
#include "binary.h"
#include "kernels.h"

enum { LEFT_SHIFT = 20 };

static int32_t add(const eml_binary *p, int32_t x1, int32_t x2)
{
    int32_t a = eml_scale(p->factors[0], (x1 - p->zero_point1) * (1 << LEFT_SHIFT));
    int32_t b = eml_scale(p->factors[1], (x2 - p->zero_point2) * (1 << LEFT_SHIFT));
    return eml_add(eml_scale(p->factors[2], eml_add(a, b)), p->output_zero_point);
}

static void validate(eml_layer *layer)
{
    eml_binary_validate(layer, 3);
}

void eml_add_run(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_PARAMETERS(3), add);
}

const eml_kernel eml_add_int8 = {EML_BINARY_PARAMETERS(3), validate, eml_add_run, NULL};
