/* int8 fully connected layers. */
#ifndef EML_FULLY_CONNECTED_H
#define EML_FULLY_CONNECTED_H

#include "linear.h"

typedef struct eml_dense {
    int32_t input;
    int32_t output;
    int32_t batches;
    int32_t input_depth;
    int32_t output_depth;
    int32_t output_zero_point;
    int32_t low;
    int32_t high;
    int32_t weight_zero_point;
} eml_dense;

/* Checks the parameters and weights; a kernel that has more parameters begins with these. */
void eml_dense_validate(eml_layer *layer, eml_dense *dense, eml_weight_format format);

/* Bytes of scratch for parameters that have been checked. */
int32_t eml_dense_scratch(const eml_dense *dense, eml_weight_format format);

void eml_dense_run(const eml_frame *frame, eml_weight_format format);

#endif
