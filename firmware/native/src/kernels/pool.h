/* What pools have in common: the taps inside the input, position by position. */
#ifndef EML_POOL_H
#define EML_POOL_H

#include "window.h"

/* The taps of one position: rows and columns of pixels, the first one at x. */
typedef struct eml_pool {
    const int8_t *x;
    int32_t rows;
    int32_t row_step; /* bytes */
    int32_t columns;
    int32_t column_step; /* bytes */
    int32_t channels;
    int32_t low;
    int32_t high;
} eml_pool;

/* Gives every position with a tap inside the input to a function, and fills others with the least output; size is that of an element in bytes. */
void eml_pool_run(const eml_frame *frame, int32_t size, void (*position)(const eml_frame *frame, const eml_pool *pool, int8_t *y));

/* Checks a pool of int8 elements. */
void eml_pool_validate(eml_layer *layer);

#endif
