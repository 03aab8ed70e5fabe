#ifndef EML_FIXED_LOGARITHM_H
#define EML_FIXED_LOGARITHM_H

#include <stdint.h>

/* Natural logarithm in Q5.26 of a Q12.19 number that is at least 1. */
int32_t eml_logarithm(int32_t value);

#endif
