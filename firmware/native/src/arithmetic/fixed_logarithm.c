/*
 * Natural logarithm as the TensorFlow Lite reference computes it. The argument is brought to r * 2^e by the one of two normalisations, with and without a factor of sqrt(1/2),
 * that leaves r nearer to the fourth root of 1/2. Then ln = e * ln 2 + a rational function of q = 2 (r - (1/2)^(1/4)), whose coefficients are the constants below.
 */
#include "fixed_logarithm.h"

#include "fixed_point.h"

enum {
    INPUT_INTEGER_BITS = 12,
    ACCUMULATOR_INTEGER_BITS = 6,
    EXPONENT_SHIFT = 31 - ACCUMULATOR_INTEGER_BITS,
    LOG_2 = 1488522236,            /* ln 2 in Q0.31, as what follows */
    FOURTH_ROOT_OF_HALF = 1805811301, /* (1/2)^(1/4) */
    ROOT_OF_HALF = 1518500250,     /* sqrt(1/2) */
    ALPHA_N = 117049297,           /* 11/240 * 2^(1/4) */
    ALPHA_D = 127690142,           /* 1/20 * 2^(1/4) */
    ALPHA_I = 1057819769,          /* 2 / 2^(1/4) - 2^(1/4) */
    ALPHA_F = 638450708,           /* 1/4 * 2^(1/4) */
    QUARTER = 1 << (EXPONENT_SHIFT - 2) /* 1/4 in Q6.25 */
};

static int32_t saturate(int64_t value)
{
    if (value > INT32_MAX)
        return INT32_MAX;
    return value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

int32_t eml_logarithm(int32_t value)
{
    int32_t headroom_a = eml_leading_zeros(value) - 1;
    int32_t normalised = eml_saturating_shift(value, headroom_a > 0 ? headroom_a : 0);
    int32_t ratio_a = eml_saturating_shift(eml_high_mul(normalised, ROOT_OF_HALF), 1);
    int32_t exponent_a = saturate((int64_t)eml_saturating_shift(INPUT_INTEGER_BITS - 1 - headroom_a, EXPONENT_SHIFT) + QUARTER);

    int32_t headroom_b = eml_leading_zeros(eml_high_mul(value, ROOT_OF_HALF)) - 1;
    int32_t ratio_b = eml_saturating_shift(value, headroom_b > 0 ? headroom_b : 0);
    int32_t exponent_b = saturate((int64_t)eml_saturating_shift(INPUT_INTEGER_BITS - headroom_b, EXPONENT_SHIFT) - QUARTER);

    int32_t ratio = ratio_a < ratio_b ? ratio_a : ratio_b;
    int32_t exponent = exponent_a > exponent_b ? exponent_a : exponent_b;
    int32_t p = (int32_t)(((int64_t)ratio + FOURTH_ROOT_OF_HALF + 1) / 2);
    int32_t q = eml_mul(eml_sub(ratio, FOURTH_ROOT_OF_HALF), 2);
    int32_t square = eml_high_mul(q, q);
    int32_t numerator = eml_add(eml_high_mul(q, ratio), eml_high_mul(eml_high_mul(q, square), ALPHA_N));
    int32_t denominator = eml_add(eml_high_mul(p, eml_add(eml_add(ALPHA_I, q), eml_high_mul(ALPHA_D, square))), eml_high_mul(ALPHA_F, q));
    int32_t scaled = eml_rounding_shift(numerator, ACCUMULATOR_INTEGER_BITS);
    int32_t sum = eml_add(eml_high_mul(exponent, LOG_2), eml_high_mul(scaled, eml_reciprocal(denominator)));
    return eml_saturating_shift(sum, 1);
}
