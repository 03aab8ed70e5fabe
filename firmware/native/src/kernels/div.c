/*
 * int8 division: the first input times the reciprocal of the second by Newton-Raphson. Division by zero is the greatest output for a positive dividend, the least for
 * a negative one, and 0 for 0.
 */
#include "binary.h"
#include "kernels.h"

/* No quotient has fewer fractional bits. */
enum { GREATEST_SHIFT = 23 };

/* A dividend of at most 255 in magnitude over a divisor of 1 to 255, times the multiplier. */
static int32_t quotient(int32_t dividend, int32_t divisor, eml_factor factor)
{
    int32_t leading_zeros = eml_leading_zeros(divisor);
    int32_t headroom = dividend == 0 ? 31 : eml_leading_zeros(dividend < 0 ? -2 * dividend - 1 : 2 * dividend);
    int32_t right_shift = 31 - leading_zeros + headroom - factor.shift;
    if (right_shift > 31)
        return dividend < 0 ? -1 : 1;
    int32_t reciprocal = eml_reciprocal((int32_t)(((uint32_t)divisor << leading_zeros) - 0x80000000));
    int32_t result = eml_high_mul((int32_t)((uint32_t)dividend << headroom), reciprocal);
    return eml_rounding_shift(eml_high_mul(result, factor.multiplier), right_shift);
}

static int32_t divide(const eml_binary *p, int32_t x1, int32_t x2)
{
    int32_t dividend = x1 - p->zero_point1;
    int32_t divisor = x2 - p->zero_point2;
    if (divisor < 0) {
        dividend = -dividend;
        divisor = -divisor;
    }
    if (divisor != 0)
        return eml_add(quotient(dividend, divisor, p->factors[0]), p->output_zero_point);
    if (dividend == 0)
        return p->output_zero_point;
    return dividend < 0 ? p->low : p->high;
}

static void validate(eml_layer *layer)
{
    eml_binary_validate(layer, 1);
    eml_binary p;
    memcpy(&p, layer->parameters, 4 * EML_BINARY_PARAMETERS(1));
    eml_range(layer, p.factors[0].shift, -31, GREATEST_SHIFT);
}

static void run(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_PARAMETERS(1), divide);
}

const eml_kernel eml_div_int8 = {EML_BINARY_PARAMETERS(1), validate, run, NULL};
