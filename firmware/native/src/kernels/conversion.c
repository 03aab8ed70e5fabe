#include "conversion.h"

static void check(eml_layer *layer, int32_t offset, int32_t length, int32_t size)
{
    eml_arena(layer, offset, eml_product(layer, length, size));
}

void eml_conversion_validate(eml_layer *layer)
{
    eml_conversion p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.input_type, 0, EML_INT64);
    eml_range(layer, p.output_type, 0, EML_INT64);
    eml_weights(layer, 0);
    if (layer->failed)
        return;
    check(layer, p.input, p.length, 1 << eml_size_shift(p.input_type));
    check(layer, p.output, p.length, 1 << eml_size_shift(p.output_type));
}

void eml_conversion16_validate(eml_layer *layer)
{
    eml_conversion p;
    memcpy(&p, layer->parameters, sizeof p);
    check(layer, p.input, p.length, 2);
    check(layer, p.output, p.length, 2);
}
