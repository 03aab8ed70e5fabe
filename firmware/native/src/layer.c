/* The checks that kernels make at load. */
#include "kernel.h"

void eml_check(eml_layer *layer, bool condition)
{
    if (!condition)
        layer->failed = true;
}

void eml_range(eml_layer *layer, int32_t value, int32_t low, int32_t high)
{
    eml_check(layer, value >= low && value <= high);
}

int32_t eml_product(eml_layer *layer, int32_t a, int32_t b)
{
    if (a < 1 || b < 1 || (int64_t)a * b > EML_MAX_BYTES) {
        layer->failed = true;
        return 1;
    }
    return a * b;
}

int32_t eml_product_of(eml_layer *layer, const int32_t *dimensions, int32_t count)
{
    int32_t product = 1;
    for (int32_t i = 0; i < count; i++)
        product = eml_product(layer, product, dimensions[i]);
    return product;
}

void eml_arena(eml_layer *layer, int32_t offset, int32_t count)
{
    eml_check(layer, offset >= 0 && (int64_t)offset + count <= layer->arena_bytes);
}

void eml_strided(eml_layer *layer, int32_t offset, const int32_t *strides, const int32_t *dimensions, int32_t rank, int32_t least, int32_t size)
{
    int64_t first = offset;
    int64_t last = first;
    for (int32_t i = 0; i < rank && !layer->failed; i++) {
        eml_range(layer, strides[i], least, EML_MAX_BYTES);
        eml_range(layer, dimensions[i], 1, EML_MAX_BYTES);
        int64_t reach = (int64_t)strides[i] * (dimensions[i] - 1) * size;
        if (reach < 0)
            first += reach;
        else
            last += reach;
    }
    eml_check(layer, first >= 0 && last + size <= layer->arena_bytes);
}

void eml_weights(eml_layer *layer, int64_t count)
{
    eml_check(layer, count == layer->weights_length);
}

void eml_scratch(eml_layer *layer, int32_t count)
{
    if (count > layer->scratch_bytes)
        layer->scratch_bytes = count;
}

void eml_multipliers(eml_layer *layer, const int32_t *pairs, int32_t count, int32_t shift_max)
{
    for (int32_t i = 0; i < count; i++) {
        eml_check(layer, pairs[2 * i] >= 0);
        eml_range(layer, pairs[2 * i + 1], -31, shift_max);
    }
}

void eml_activation(eml_layer *layer, int32_t low, int32_t high, int32_t least, int32_t greatest)
{
    eml_check(layer, low >= least && low <= high && high <= greatest);
}
