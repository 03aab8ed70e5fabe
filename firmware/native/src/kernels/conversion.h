/* The parameters of kernels that turn each element of one type into one of another. */
#ifndef EML_CONVERSION_H
#define EML_CONVERSION_H

#include "element.h"
#include "kernel.h"

typedef struct eml_conversion {
    int32_t input;
    int32_t output;
    int32_t length;
    int32_t input_type;
    int32_t output_type;
} eml_conversion;

/* Checks the parameters. */
void eml_conversion_validate(eml_layer *layer);

/* Checks those of a kernel of int16 elements, whatever the types say. */
void eml_conversion16_validate(eml_layer *layer);

#endif
