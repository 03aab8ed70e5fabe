#ifndef EML_INVERSE_SQUARE_ROOT_H
#define EML_INVERSE_SQUARE_ROOT_H

#include <stdint.h>

/* 1 / sqrt(value) for a value that is not negative, as a Q0.31 multiplier and a shift from -12 to 0; 0 counts as 1. */
int32_t eml_inverse_square_root(int32_t value, int32_t *shift);

#endif
