/* int8 depthwise convolution. */
#ifndef EML_DEPTHWISE_CONV2D_H
#define EML_DEPTHWISE_CONV2D_H

#include "window.h"

typedef struct eml_depthwise {
    eml_window window;
    int32_t input_zero_point;
    int32_t output_zero_point;
} eml_depthwise;

/* Checks the parameters and weights; a kernel that has more parameters begins with these. */
void eml_depthwise_validate(eml_layer *layer, eml_depthwise *depthwise);

/* Bytes of scratch for parameters that have been checked. */
int32_t eml_depthwise_scratch(const eml_depthwise *depthwise);

#endif
