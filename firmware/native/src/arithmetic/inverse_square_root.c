/*
 * 1 / sqrt(value) as the TensorFlow Lite reference computes it: the value is brought to r * 4^e with r in [1/4, 1) and 1 / sqrt(r) found by five Newton-Raphson steps
 * x += x / 2 - r * x^3 / 2 from 1 in Q3.28.
 */
#include "inverse_square_root.h"

#include "fixed_point.h"

enum {
    ROOT_OF_HALF = 1518500250, /* sqrt(1/2) in Q0.31 */
    ONE_Q3 = 1 << 28,
    NORMALISED_SHIFT = 11 /* right shift of a normalised value, before pairs of bits are moved */
};

int32_t eml_inverse_square_root(int32_t value, int32_t *shift)
{
    *shift = 0;
    if (value <= 1)
        return INT32_MAX;
    int32_t pairs = value >= 1 << 29 ? -1 : (eml_leading_zeros(value) - 1) / 2 - 1;
    int32_t half = eml_rounding_shift((pairs < 0 ? value / 4 : (int32_t)((uint32_t)value << (2 * pairs))) >> 1, 1);
    int32_t x = ONE_Q3;
    for (int32_t i = 0; i < 5; i++) {
        int32_t cube = eml_saturating_shift(eml_high_mul(eml_high_mul(x, x), x), 6);
        x = eml_saturating_shift(eml_sub(eml_high_mul(ONE_Q3 + (ONE_Q3 >> 1), x), eml_high_mul(half, cube)), 3);
    }
    x = eml_high_mul(x, ROOT_OF_HALF);
    int32_t right = NORMALISED_SHIFT - pairs;
    *shift = right < 0 ? 0 : -right;
    return right < 0 ? (int32_t)((uint32_t)x << -right) : x;
}
