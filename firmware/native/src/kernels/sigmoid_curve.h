/*
 * Logistic function and hyperbolic tangent of int16 layers by linear interpolation. The table has 256 uint16: the logistic function in Q0.16 at 0, 1/24, 2/24 ...
 */
#ifndef EML_SIGMOID_CURVE_H
#define EML_SIGMOID_CURVE_H

#include "kernel.h"

/* Bytes of the table. */
enum { EML_SIGMOID_BYTES = 512 };

/* logistic(x / 12288), or tanh(x / 12288) where hyperbolic, in Q0.15. */
int32_t eml_sigmoid(const uint8_t *table, int32_t x, bool hyperbolic);

/* (value * multiplier) >> shift, rounded half up; shift 0 to 31. */
static inline int32_t eml_shift_half_up(int32_t value, int32_t multiplier, int32_t shift)
{
    return eml_add(eml_mul(value, multiplier), shift > 0 ? (int32_t)((uint32_t)1 << (shift - 1)) : 0) >> shift;
}

#endif
