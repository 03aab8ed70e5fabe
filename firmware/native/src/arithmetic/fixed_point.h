/*
 * The fixed-point functions of gemmlowp that the TensorFlow Lite reference kernels compute with. Qm.n is an int32 with m integer and n fractional bits.
 */
#ifndef EML_FIXED_POINT_H
#define EML_FIXED_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include "dsp.h"

/*
 * value * multiplier * 2^shift, rounded twice: to the nearest after the multiplication with the Q0.31 multiplier, which is not negative, then half away from
 * zero after the right shift. A positive shift is made before the multiplication and drops what leaves 32 bits; shifts from -62 to 31.
 */
int32_t eml_multiply(int32_t value, int32_t multiplier, int32_t shift);

/* value * multiplier * 2^shift, rounded half up: a Q0.15 multiplier for 64-bit accumulators of int16 layers; shifts from -31 to 14. */
int32_t eml_multiply_reduced(int64_t value, int32_t multiplier, int32_t shift);

/* High half of twice the product, rounded to nearest; saturates only for two INT32_MIN. */
int32_t eml_high_mul(int32_t a, int32_t b);

/* value / 2^exponent, half away from zero; exponent 0 to 31. */
int32_t eml_rounding_shift(int32_t value, int32_t exponent);

/* value * 2^exponent held within int32; exponent 0 to 31. */
int32_t eml_saturating_shift(int32_t value, int32_t exponent);

/* Zero bits above the highest one bit of a number that is not negative; 32 for 0. */
static inline int32_t eml_leading_zeros(int32_t value)
{
    return value == 0 ? 32 : __builtin_clz((unsigned)value);
}

/* 1 / (1 + x) for x in [0, 1), both Q0.31: three Newton-Raphson steps from 48/17 - 32/17 d with d = (1 + x) / 2. */
int32_t eml_reciprocal(int32_t x);

/* Whether eml_multiply_fast has the bits of eml_multiply: the product with 2 fits, and the shift is to the right. */
static inline bool eml_is_fast(int32_t value, int32_t shift)
{
    return shift < 0 && (uint32_t)value + 0x40000000 < 0x80000000;
}

/*
 * eml_multiply for a shift of -1 - places, 0 to 30 places, and values of less than 2^30 in magnitude: (2 v m + 2^31) >> 32 is (v m + 2^30) >> 31, and a right shift by n that
 * rounds is one by n - 1 that does not and one by 1 that does.
 */
static inline int32_t eml_multiply_fast(int32_t value, int32_t multiplier, int32_t places)
{
    int32_t high = eml_smmulr(value * 2, multiplier);
    return (((high + (high >> 31)) >> places) + 1) >> 1;
}

/* eml_multiply for shifts from -31 to 30. */
static inline int32_t eml_requantize(int32_t value, int32_t multiplier, int32_t shift)
{
    return eml_is_fast(value, shift) ? eml_multiply_fast(value, multiplier, ~shift) : eml_multiply(value, multiplier, shift);
}

#endif
