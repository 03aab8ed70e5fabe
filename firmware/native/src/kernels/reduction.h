/*
 * Reductions over any axes. The input has the dimensions K0, R0, K1, R1, K2, R2: those kept and those reduced.
 */
#ifndef EML_REDUCTION_H
#define EML_REDUCTION_H

#include "kernel.h"

typedef struct eml_reduction {
    int32_t input;
    int32_t output;
    int32_t shape[6];
    int32_t input_bias; /* of mean, as what follows: zero point times number of elements */
    int32_t output_zero_point;
    int32_t multiplier;
    int32_t shift;
} eml_reduction;

/* Parameters of a reduction without a factor. */
enum { EML_REDUCTION_PARAMETERS = 8 };

/* Checks offsets and dimensions, for elements of a size in bytes. */
void eml_reduction_validate(eml_layer *layer, int32_t size);

/* The same and the parameters of mean. */
void eml_mean_validate(eml_layer *layer, int32_t size);

/* Combines a value with an element. */
typedef int32_t (*eml_combine)(int32_t value, const int8_t *x);

/* What becomes of the combined value of an output. */
typedef void (*eml_finish)(const eml_reduction *p, int32_t value, int8_t *y);

/* Combines all elements of each output, from a first value on. */
void eml_reduction_run(const eml_frame *frame, int32_t parameter_count, int32_t size, int32_t first, eml_combine combine, eml_finish finish);

#endif
