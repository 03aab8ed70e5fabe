#include "channel_table.h"

void eml_channel_table_validate(eml_layer *layer, int32_t weight_count, int32_t channels)
{
    eml_weights(layer, eml_align4(weight_count) + (int64_t)9 * channels);
    if (layer->failed)
        return;
    const uint8_t *multipliers = layer->weights + eml_align4(weight_count) + 4 * channels;
    const uint8_t *shifts = multipliers + 4 * channels;
    for (int32_t i = 0; i < channels; i++) {
        eml_range(layer, (int8_t)shifts[i], -31, 30);
        eml_check(layer, eml_int32(multipliers + 4 * i) >= 0);
    }
}

void eml_clamp_outputs(int8_t *y, int32_t count, int32_t low, int32_t high)
{
    if (low == -128 && high == 127)
        return;
    for (int32_t i = 0; i < count; i++)
        y[i] = (int8_t)eml_clamp(y[i], low, high);
}
