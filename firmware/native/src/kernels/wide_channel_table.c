#include "wide_channel_table.h"

#include "arithmetic/fixed_point.h"

void eml_wide_channel_table_validate(eml_layer *layer, int32_t weight_count, int32_t channels, bool wide)
{
    eml_weights(layer, eml_align4(weight_count) + (int64_t)13 * channels);
    if (layer->failed)
        return;
    const uint8_t *multipliers = layer->weights + eml_align4(weight_count) + 8 * channels;
    const uint8_t *shifts = multipliers + 4 * channels;
    for (int32_t i = 0; i < channels; i++) {
        eml_range(layer, (int8_t)shifts[i], -31, wide ? EML_WIDE_SHIFT_MAX : 30);
        eml_check(layer, eml_int32(multipliers + 4 * i) >= 0);
    }
}

int32_t eml_wide_channel_output(const uint8_t *table, int32_t channels, int32_t channel, int64_t sum, bool wide, int32_t low, int32_t high)
{
    int32_t multiplier = eml_int32(table + 8 * channels + 4 * channel);
    int32_t shift = (int8_t)table[12 * channels + channel];
    sum = (int64_t)((uint64_t)sum + (uint64_t)eml_int64(table + 8 * channel));
    int32_t value = wide ? eml_multiply_reduced(sum, multiplier, shift) : eml_multiply((int32_t)sum, multiplier, shift);
    return eml_clamp(value, low, high);
}
