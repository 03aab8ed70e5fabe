#include "fully_connected.h"
#include "kernels.h"

static void validate(eml_layer *layer)
{
    eml_dense p;
    eml_dense_validate(layer, &p, EML_WEIGHTS_INT4);
}

static void run(const eml_frame *frame)
{
    eml_dense_run(frame, EML_WEIGHTS_INT4);
}

const eml_kernel eml_fully_connected_int4 = {EML_PARAMETERS(eml_dense), validate, run, NULL};
