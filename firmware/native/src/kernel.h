/* What a kernel is given, at load and at each inference. */
#ifndef EML_KERNEL_H
#define EML_KERNEL_H

#include <stddef.h>

#include "bytes.h"
#include "edgeml.h"
#include "format.h"

/* A layer that is being run. */
typedef struct eml_frame {
    const uint8_t *parameters;
    const uint8_t *weights;
    int8_t *arena;
    void *scratch;
} eml_frame;

/* A layer that is being checked, and what all layers so far need. */
typedef struct eml_layer {
    const uint8_t *parameters;
    const uint8_t *weights;
    int32_t weights_length;
    int32_t arena_bytes;
    int32_t lanes;       /* 64-bit words that the file has for managed kernels */
    int32_t strip_bytes; /* bytes that it has for them behind the arena */
    int64_t packed_bytes;
    int32_t scratch_bytes;
    bool failed;
} eml_layer;

/*
 * A kernel trusts its parameters when it runs: validate has seen to it that no input can make it read or write outside the arena, the weights and the scratch.
 * reset sets what the layer remembers to its beginning; it is null for most.
 */
struct eml_kernel {
    uint8_t parameter_count;
    void (*validate)(eml_layer *layer);
    void (*run)(const eml_frame *frame);
    void (*reset)(const eml_frame *frame);
};

/* Fails the layer where a condition does not hold. */
void eml_check(eml_layer *layer, bool condition);

/* A number lies in a range, both ends included. */
void eml_range(eml_layer *layer, int32_t value, int32_t low, int32_t high);

/* A product of two dimensions, each at least 1, or 1 and a failure where it is over EML_MAX_BYTES. */
int32_t eml_product(eml_layer *layer, int32_t a, int32_t b);

/* A product of dimensions. */
int32_t eml_product_of(eml_layer *layer, const int32_t *dimensions, int32_t count);

/* A tensor of count bytes lies wholly in the arena. */
void eml_arena(eml_layer *layer, int32_t offset, int32_t count);

/* All offsets that an element at an offset, size bytes long, and strides over dimensions reach lie in the arena; strides lie between least and EML_MAX_BYTES. */
void eml_strided(eml_layer *layer, int32_t offset, const int32_t *strides, const int32_t *dimensions, int32_t rank, int32_t least, int32_t size);

/* The layer's weights are exactly count bytes long. */
void eml_weights(eml_layer *layer, int64_t count);

/* The layer's kernel needs count bytes of scratch. */
void eml_scratch(eml_layer *layer, int32_t count);

/* Pairs of a multiplier, not negative, and a shift from -31 to a greatest one. */
void eml_multipliers(eml_layer *layer, const int32_t *pairs, int32_t count, int32_t shift_max);

/* low and high are a range within [least, greatest]. */
void eml_activation(eml_layer *layer, int32_t low, int32_t high, int32_t least, int32_t greatest);

#define EML_PARAMETERS(type) (sizeof(type) / sizeof(int32_t))

static inline int32_t eml_clamp(int32_t value, int32_t low, int32_t high)
{
    if (value < low)
        value = low;
    return value > high ? high : value;
}

static inline int32_t eml_clamp8(int32_t value)
{
    return eml_clamp(value, -128, 127);
}

static inline int32_t eml_clamp16(int32_t value)
{
    return eml_clamp(value, INT16_MIN, INT16_MAX);
}

/* Bytes up to a multiple of 4. */
static inline int32_t eml_align4(int32_t count)
{
    return (count + 3) & ~3;
}

#endif
