/* The parameters that kernels of long sums have in common, and the way from a sum to an output. The terms have one scale. */
#ifndef EML_SUM_SCALE_H
#define EML_SUM_SCALE_H

#include "kernel.h"

/* Most terms of a sum. */
enum { EML_MAX_TERMS = 1 << 22 };

typedef struct eml_sum_scale {
    int32_t input_zero_point;
    int32_t output_zero_point;
    int32_t start; /* what the sum begins with, in input steps */
    int32_t multiplier; /* of s_in / s_out / 2^19 */
    int32_t shift;      /* not positive */
} eml_sum_scale;

void eml_sum_scale_validate(eml_layer *layer, const eml_sum_scale *scale);

/* The int8 output for a sum of raw values less their zero points: rounded after the multiplication, then half away from zero. */
int8_t eml_sum_output(const eml_sum_scale *scale, int32_t sum);

#endif
