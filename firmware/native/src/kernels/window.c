#include "window.h"

static void validate(eml_layer *layer, eml_window *window, int32_t size)
{
    memcpy(window, layer->parameters, sizeof *window);
    const int32_t *extents = &window->batches;
    for (int32_t i = 0; i < 13; i++)
        eml_range(layer, extents[i], 1, EML_MAX_EXTENT);
    eml_range(layer, window->pad_top, 0, EML_MAX_EXTENT);
    eml_range(layer, window->pad_left, 0, EML_MAX_EXTENT);
    int32_t outputs = eml_product(layer, size, window->batches);
    eml_arena(layer, window->input, eml_product(layer, outputs, eml_product_of(layer, &window->input_height, 3)));
    eml_arena(layer, window->output, eml_product(layer, outputs, eml_product_of(layer, &window->output_height, 3)));
}

void eml_window_validate(eml_layer *layer, eml_window *window)
{
    validate(layer, window, 1);
    eml_activation(layer, window->low, window->high, -128, 127);
}

void eml_window16_validate(eml_layer *layer, eml_window *window)
{
    validate(layer, window, 2);
    eml_activation(layer, window->low, window->high, INT16_MIN, INT16_MAX);
}

eml_taps eml_taps_inside(int32_t origin, int32_t dilation, int32_t taps, int32_t size)
{
    eml_taps inside = {0, taps};
    if (origin < 0)
        inside.first = (dilation - 1 - origin) / dilation;
    if (origin >= size)
        inside.end = 0;
    else if (origin + (taps - 1) * dilation >= size)
        inside.end = (size - origin + dilation - 1) / dilation;
    return inside;
}
