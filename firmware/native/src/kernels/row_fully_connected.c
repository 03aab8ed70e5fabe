/*
 * Layers of the managed ByteRowFullyConnected and PackedRowFullyConnected, with one row and symmetric weights, on the plain fully connected kernel. The first one's
 * weights are greater by 128.
 */
#include "fully_connected.h"
#include "kernels.h"
#include "packed.h"

enum { TERMS_MAX = 128, OUTPUTS_AT_ONCE = 128 };

typedef struct parameters {
    eml_dense dense;
    int32_t uniform;     /* 1 where all channels have one multiplier and shift */
    int32_t block_terms; /* of packed rows */
} parameters;

enum { BYTE_PARAMETERS = EML_PARAMETERS(eml_dense) + 1 };

static void validate_row(eml_layer *layer, parameters *p, int32_t parameter_count)
{
    eml_dense_validate(layer, &p->dense, EML_WEIGHTS_OFFSET);
    memcpy(p, layer->parameters, 4 * (size_t)parameter_count);
    eml_range(layer, p->dense.batches, 1, 1);
    eml_range(layer, p->uniform, 0, 1);
}

static void validate_byte(eml_layer *layer)
{
    parameters p;
    validate_row(layer, &p, BYTE_PARAMETERS);
    eml_lanes(layer, OUTPUTS_AT_ONCE);
    eml_strip(layer, TERMS_MAX);
}

/* Threes of weights that are packed for a block of terms. */
static int32_t padded_terms(int32_t terms)
{
    static const uint8_t sizes[] = {6, 11, 22, 43, 64, 86, 107, 128};
    int32_t i = 0;
    while (sizes[i] < terms)
        i++;
    return sizes[i];
}

static void validate_packed(eml_layer *layer)
{
    parameters p;
    validate_row(layer, &p, EML_PARAMETERS(parameters));
    eml_range(layer, p.block_terms, 1, TERMS_MAX);
    eml_lanes(layer, TERMS_MAX + OUTPUTS_AT_ONCE);
    if (layer->failed)
        return;
    int32_t terms = (p.dense.input_depth + EML_LANES - 1) / EML_LANES;
    int64_t words = (int64_t)(terms / p.block_terms) * padded_terms(p.block_terms);
    if (terms % p.block_terms != 0)
        words += padded_terms(terms % p.block_terms);
    layer->packed_bytes += 8 * words * p.dense.output_depth;
    eml_check(layer, layer->packed_bytes <= EML_MAX_BYTES);
}

static void run_byte(const eml_frame *frame)
{
    eml_dense_run(frame, EML_WEIGHTS_OFFSET);
}

const eml_kernel eml_byte_row_fully_connected = {BYTE_PARAMETERS, validate_byte, run_byte, NULL};
const eml_kernel eml_packed_row_fully_connected = {EML_PARAMETERS(parameters), validate_packed, eml_fully_connected_run, NULL};
