#include "sum_scale.h"

enum { PRODUCT_BITS = 31 - 19 };

void eml_sum_scale_validate(eml_layer *layer, const eml_sum_scale *p)
{
    eml_range(layer, p->input_zero_point, -128, 127);
    eml_range(layer, p->output_zero_point, -128, 127);
    eml_range(layer, p->start, -128, 128);
    eml_multipliers(layer, &p->multiplier, 1, 0);
    eml_weights(layer, 0);
}

int8_t eml_sum_output(const eml_sum_scale *p, int32_t sum)
{
    int64_t value = ((int64_t)sum * p->multiplier + (1 << (PRODUCT_BITS - 1))) >> PRODUCT_BITS;
    if (p->shift < 0)
        value = (value + ((int64_t)1 << (-p->shift - 1)) + (value >> 63)) >> -p->shift;
    value += p->output_zero_point;
    return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}
