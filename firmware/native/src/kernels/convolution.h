/* Two-dimensional convolution with int8 activations. */
#ifndef EML_CONVOLUTION_H
#define EML_CONVOLUTION_H

#include "linear.h"
#include "window.h"

typedef struct eml_convolution {
    eml_window window;
    int32_t input_zero_point;
    int32_t output_zero_point;
    int32_t groups; /* divides both channel counts */
} eml_convolution;

/* Checks the parameters and weights; a kernel that has more parameters begins with these. */
void eml_convolution_validate(eml_layer *layer, eml_convolution *convolution, eml_weight_format format);

/* Bytes of scratch for parameters that have been checked. */
int32_t eml_convolution_scratch(const eml_convolution *convolution, eml_weight_format format);

void eml_convolution_run(const eml_frame *frame, eml_weight_format format);

#endif
