#include "convolution.h"
#include "kernels.h"

static void validate(eml_layer *layer)
{
    eml_convolution p;
    eml_convolution_validate(layer, &p, EML_WEIGHTS_INT4);
}

void eml_conv2d_int4_run(const eml_frame *frame)
{
    eml_convolution_run(frame, EML_WEIGHTS_INT4);
}

const eml_kernel eml_conv2d_int4 = {EML_PARAMETERS(eml_convolution), validate, eml_conv2d_int4_run, NULL};
