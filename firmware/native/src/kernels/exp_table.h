/*
 * What softmax and log-softmax have in common. Weights: for each difference d = 0, 1, ... from the row's greatest value, exp(-d * scale) in Q0.31 as int32. A difference
 * beyond the table counts as an exponential of 0.
 */
#ifndef EML_EXP_TABLE_H
#define EML_EXP_TABLE_H

#include "kernel.h"

/* Integer bits of the sum of exponentials. */
enum { EML_SUM_INTEGER_BITS = 12 };

typedef struct eml_exp_table {
    int32_t input;
    int32_t output;
    int32_t rows;
    int32_t depth;
    int32_t entries; /* 1 to 256 */
} eml_exp_table;

/* Checks the parameters, with outputs of a size in bytes. */
void eml_exp_table_validate(eml_layer *layer, int32_t output_size);

/* Greatest value of a row. */
int32_t eml_row_max(const int8_t *x, int32_t depth);

/* Sum of a row's exponentials in Q12.19, each rounded. */
int32_t eml_exp_sum(const eml_frame *frame, const eml_exp_table *p, const int8_t *x, int32_t max);

/* Softmax of all rows: as fractional bits the outputs have, counted from the zero point, which is the least output of their size in bytes. */
void eml_softmax_run(const eml_frame *frame, int32_t fractional_bits, int32_t output_size);

#endif
