/* int8 operators of two inputs with broadcasting. The output has the shape [D0, D1, D2, D3]; each input has a stride for each dimension, 0 where it is broadcast. */
#ifndef EML_BINARY_H
#define EML_BINARY_H

#include "arithmetic/fixed_point.h"
#include "kernel.h"

/* A Q0.31 multiplier and a shift; positive shifts left. */
typedef struct eml_factor {
    int32_t multiplier;
    int32_t shift;
} eml_factor;

typedef struct eml_binary {
    int32_t input1;
    int32_t input2;
    int32_t output;
    int32_t shape[4];
    int32_t strides1[4];
    int32_t strides2[4];
    int32_t low;
    int32_t high;
    int32_t zero_point1; /* and what follows: not of operators that compare raw values */
    int32_t zero_point2;
    int32_t output_zero_point;
    eml_factor factors[3]; /* as many as the operator has */
} eml_binary;

/* Parameters of an operator without zero points, and with a number of factors. */
enum { EML_BINARY_RAW = 17 };
#define EML_BINARY_PARAMETERS(factors) (EML_BINARY_RAW + 3 + 2 * (factors))

/* Checks what all have. */
void eml_binary_validate_raw(eml_layer *layer);

/* The same, zero points and factors. */
void eml_binary_validate(eml_layer *layer, int32_t factors);

/* An output, before the activation range. */
typedef int32_t (*eml_binary_operator)(const eml_binary *p, int32_t x1, int32_t x2);

/* Computes all outputs. */
void eml_binary_run(const eml_frame *frame, int32_t parameter_count, eml_binary_operator operation);

static inline int32_t eml_scale(eml_factor factor, int32_t value)
{
    return eml_requantize(value, factor.multiplier, factor.shift);
}

#endif
