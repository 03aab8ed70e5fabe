/* int8 softmax over rows. The output's scale is 1/256, its zero point -128. */
#include "exp_table.h"
#include "kernels.h"

static void validate(eml_layer *layer)
{
    eml_exp_table_validate(layer, 1);
}

static void run(const eml_frame *frame)
{
    eml_softmax_run(frame, 8, 1);
}

const eml_kernel eml_softmax = {EML_PARAMETERS(eml_exp_table), validate, run, NULL};
