#include "exp_table.h"

#include "arithmetic/fixed_point.h"

void eml_exp_table_validate(eml_layer *layer, int32_t output_size)
{
    eml_exp_table p;
    memcpy(&p, layer->parameters, sizeof p);
    int32_t count = eml_product(layer, p.rows, p.depth);
    eml_arena(layer, p.input, count);
    eml_arena(layer, p.output, eml_product(layer, count, output_size));
    eml_range(layer, p.entries, 1, 256);
    eml_weights(layer, (int64_t)4 * p.entries);
}

int32_t eml_row_max(const int8_t *x, int32_t depth)
{
    int32_t max = -128;
    for (int32_t i = 0; i < depth; i++)
        max = x[i] > max ? x[i] : max;
    return max;
}

int32_t eml_exp_sum(const eml_frame *frame, const eml_exp_table *p, const int8_t *x, int32_t max)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < p->depth; i++) {
        int32_t difference = max - x[i];
        if (difference < p->entries)
            sum = eml_add(sum, eml_rounding_shift(eml_int32(frame->weights + 4 * difference), EML_SUM_INTEGER_BITS));
    }
    return sum;
}

void eml_softmax_run(const eml_frame *frame, int32_t fractional_bits, int32_t output_size)
{
    eml_exp_table p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t least = output_size == 1 ? INT8_MIN : INT16_MIN;
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    for (int32_t row = 0; row < p.rows; row++) {
        int32_t max = eml_row_max(x, p.depth);
        int32_t sum = eml_exp_sum(frame, &p, x, max);
        int32_t headroom = eml_leading_zeros(sum);
        int32_t reciprocal = eml_reciprocal((int32_t)((headroom < 32 ? (uint32_t)sum << headroom : 0) - 0x80000000));
        int32_t shift = EML_SUM_INTEGER_BITS - headroom + 31 - fractional_bits;
        for (int32_t i = 0; i < p.depth; i++, y += output_size) {
            int32_t difference = max - *x++;
            int32_t value = least;
            if (difference < p.entries) {
                int32_t product = eml_high_mul(reciprocal, eml_int32(frame->weights + 4 * difference));
                value = eml_clamp(eml_add(eml_rounding_shift(product, shift), least), least, -least - 1);
            }
            memcpy(y, &value, (size_t)output_size);
        }
    }
}
