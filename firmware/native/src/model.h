/* What the interpreter knows of a model beyond edgeml.h. */
#ifndef EML_MODEL_H
#define EML_MODEL_H

#include "kernel.h"

/* The kernel of an opcode, or null where the set has none. */
const eml_kernel *eml_find_kernel(const eml_kernel_set *kernels, int32_t opcode);

/* Whether count strings, one after another, lie wholly before end; offset 0 is always right. */
bool eml_strings_valid(const uint8_t *data, int32_t offset, int32_t count, int32_t end);

/* Checks the record of an input or output. */
eml_error eml_tensor_validate(const uint8_t *data, const uint8_t *record, bool is_input);

/* Reads a record that has been checked. */
void eml_tensor_read(const uint8_t *record, eml_tensor *tensor);

static inline int32_t eml_header(const eml_model *model, int32_t field)
{
    return eml_int32(model->data + field);
}

/* The record after one. */
static inline const uint8_t *eml_next_layer(const uint8_t *record)
{
    return record + EML_LAYER_SIZE + 4 * eml_uint16(record + EML_LAYER_PARAMETER_COUNT);
}

#endif
