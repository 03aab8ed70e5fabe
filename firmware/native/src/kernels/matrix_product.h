/* Matrix products of two activations, out[b, i, j] = sum over k of x1[b, i, k] * x2[b, k, j]; strides in elements say how each input is laid out. */
#ifndef EML_MATRIX_PRODUCT_H
#define EML_MATRIX_PRODUCT_H

#include "kernel.h"

enum { EML_MATRIX_AXES = 6 };

typedef struct eml_matrix_product {
    int32_t input1;
    int32_t input2;
    int32_t output;
    int32_t shape[EML_MATRIX_AXES]; /* B0, B1, B2, I, J, K */
    int32_t strides1[EML_MATRIX_AXES];
    int32_t strides2[EML_MATRIX_AXES];
    int32_t zero_point1;
    int32_t zero_point2;
    int32_t output_zero_point;
    int32_t multiplier;
    int32_t shift;
} eml_matrix_product;

/* Checks offsets, shape and strides for elements of a size in bytes, and reads the parameters. */
void eml_matrix_product_validate(eml_layer *layer, eml_matrix_product *p, int32_t size);

/* Computes an output from the inputs' first elements, which are steps of bytes apart. */
typedef void (*eml_inner_product)(const eml_matrix_product *p, const int8_t *x1, const int8_t *x2, int8_t *y);

void eml_matrix_product_run(const eml_frame *frame, int32_t size, eml_inner_product inner);

#endif
