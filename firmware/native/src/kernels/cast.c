/* The same integer in another type, without regard to scales: a narrower type keeps the low bits, a boolean is whether the integer is not 0. */
#include "conversion.h"
#include "kernels.h"

static void run(const eml_frame *frame)
{
    eml_conversion p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    for (int32_t i = 0; i < p.length; i++) {
        eml_write(y, p.output_type, eml_read(x, p.input_type));
        x += 1 << eml_size_shift(p.input_type);
        y += 1 << eml_size_shift(p.output_type);
    }
}

const eml_kernel eml_cast = {EML_PARAMETERS(eml_conversion), eml_conversion_validate, run, NULL};
