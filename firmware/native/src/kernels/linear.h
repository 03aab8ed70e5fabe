/* Sums of products of rows of weights with one or two windows of inputs: what convolutions and fully connected layers have in common. */
#ifndef EML_LINEAR_H
#define EML_LINEAR_H

#include "kernel.h"

typedef enum eml_weight_format {
    EML_WEIGHTS_INT8,
    EML_WEIGHTS_OFFSET, /* w + 128, uint8 */
    EML_WEIGHTS_INT4    /* two in a byte, the first one in the low half; each row begins at a byte */
} eml_weight_format;

typedef struct eml_linear {
    const uint8_t *weights; /* of the first channel */
    const uint8_t *table;   /* eml_channel_table of all channels */
    int32_t channels;       /* of the table */
    int32_t depth;          /* products of an output */
    int32_t zero_point;     /* of the output */
    eml_weight_format format;
    int8_t *rows; /* scratch for two rows of 4-bit weights in 8 bits, eml_align4(depth) bytes each */
} eml_linear;

/* Bytes of a row of weights. */
int32_t eml_row_bytes(eml_weight_format format, int32_t depth);

/* Bytes of scratch for two widened windows and two rows of 4-bit weights. */
int32_t eml_linear_scratch(eml_weight_format format, int32_t depth);

/* Widens one window, or two alternating by four values, and fills up to a multiple of four values with zeros, for one window to one of eight. */
void eml_widen(int16_t *to, const int8_t *x, int32_t depth);
void eml_widen_two(int16_t *to, const int8_t *x0, const int8_t *x1, int32_t depth);

/* Outputs of count channels from a first one for a widened window; offset is added to every sum. Weights are int8 or have an offset of 128. */
void eml_linear_one(const eml_linear *linear, const int16_t *x, int32_t offset, int32_t first, int32_t count, int8_t *y);

/* Outputs of count channels from a first one for two widened windows. Weights are int8 or int4. */
void eml_linear_two(const eml_linear *linear, const int16_t *x, int32_t first, int32_t count, int8_t *y0, int8_t *y1);

#endif
