/*
 * Operators of two or three inputs with broadcasting, with elements of several bytes. The output has the shape [D0, D1, D2, D3]; each input has a stride in bytes for each
 * dimension, 0 where it is broadcast. Operators with two inputs ignore the third one, which then is one byte anywhere. No weights.
 */
#ifndef EML_BROADCAST_H
#define EML_BROADCAST_H

#include "kernel.h"

typedef struct eml_broadcast {
    int32_t output;
    int32_t inputs[3];
    int32_t output_size; /* bytes of an element */
    int32_t input_sizes[3];
    int32_t shape[4];
    int32_t strides[3][4];
} eml_broadcast;

/* Checks the parameters. */
void eml_broadcast_validate(eml_layer *layer, eml_broadcast *p);

/* Computes an element of the output; parameters are those of the layer, which begin with an eml_broadcast. */
typedef void (*eml_broadcast_operator)(const void *parameters, const int8_t *const x[3], int8_t *y);

void eml_broadcast_run(const eml_frame *frame, const eml_broadcast *p, eml_broadcast_operator operation);

#endif
