#include "fixed_point.h"

int32_t eml_multiply(int32_t value, int32_t multiplier, int32_t shift)
{
    if (shift >= 0)
        return (int32_t)(((int64_t)(int32_t)((uint32_t)value << shift) * multiplier + 0x40000000) >> 31);
    int64_t high = ((int64_t)value * multiplier + 0x40000000) >> 31;
    return (int32_t)((high + ((int64_t)1 << (-shift - 1)) + (high >> 63)) >> -shift);
}

int32_t eml_multiply_reduced(int64_t value, int32_t multiplier, int32_t shift)
{
    int32_t right = 15 - shift;
    return (int32_t)((int64_t)((uint64_t)value * (uint64_t)(int64_t)multiplier + ((uint64_t)1 << (right - 1))) >> right);
}

int32_t eml_high_mul(int32_t a, int32_t b)
{
    if (a == b && a == INT32_MIN)
        return INT32_MAX;
    return (int32_t)(((int64_t)a * b + 0x40000000) >> 31);
}

int32_t eml_rounding_shift(int32_t value, int32_t exponent)
{
    if (exponent == 0)
        return value;
    int64_t wide = value;
    return (int32_t)((wide + (int64_t)((uint64_t)1 << ((exponent - 1) & 63)) + (wide >> 63)) >> (exponent & 63));
}

int32_t eml_saturating_shift(int32_t value, int32_t exponent)
{
    int64_t wide = (int64_t)((uint64_t)(int64_t)value << exponent);
    if (wide > INT32_MAX)
        return INT32_MAX;
    return wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

int32_t eml_reciprocal(int32_t x)
{
    const int32_t one_q2 = 1 << 29;
    int32_t half_denominator = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
    int32_t y = 1515870810 + eml_high_mul(half_denominator, -1010580540);
    for (int32_t i = 0; i < 3; i++) {
        int32_t error = one_q2 - eml_high_mul(half_denominator, y);
        y += eml_saturating_shift(eml_high_mul(y, error), 2);
    }
    return eml_saturating_shift(y, 1);
}
