/* Softmax over rows of int8 with int16 results. The output's scale is 2^-16, its zero point -32768. */
#include "exp_table.h"
#include "kernels.h"

static void validate(eml_layer *layer)
{
    eml_exp_table_validate(layer, 2);
}

static void run(const eml_frame *frame)
{
    eml_softmax_run(frame, 16, 2);
}

const eml_kernel eml_softmax_to_int16 = {EML_PARAMETERS(eml_exp_table), validate, run, NULL};
