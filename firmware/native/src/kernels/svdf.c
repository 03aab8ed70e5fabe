/*
 * Singular-value-decomposition filter of a stream: each step projects the int8 input onto F features, remembers the last M of each, and weighs them over time; rank filters
 * add up to one output. State: [batches, F, M], the newest value last. Weights: features [F, inputs] int8, padding to a multiple of 4, bias [F / rank] int32, time [F, M]
 * of the state's type.
 */
#include "arithmetic/fixed_point.h"
#include "kernel.h"
#include "kernels.h"

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t state;
    int32_t batches;
    int32_t input_depth;
    int32_t filters;
    int32_t rank;
    int32_t memory;
    int32_t state_size; /* bytes of an element of state and time weights */
    int32_t input_zero_point;
    int32_t state_zero_point;
    int32_t output_zero_point;
    int32_t feature_factor[2]; /* multiplier and shift from products with the input to the state */
    int32_t time_factor[2];    /* from products over time to the output */
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.state_size, 1, 2);
    int32_t features = eml_product(layer, p.filters, p.input_depth);
    int32_t memory = eml_product(layer, eml_product(layer, p.filters, p.memory), p.state_size);
    eml_range(layer, p.rank, 1, EML_MAX_BYTES);
    if (layer->failed)
        return;
    eml_check(layer, p.filters % p.rank == 0);
    int32_t units = p.filters / p.rank;
    eml_arena(layer, p.input, eml_product(layer, p.batches, p.input_depth));
    eml_arena(layer, p.output, eml_product(layer, p.batches, units));
    eml_arena(layer, p.state, eml_product(layer, p.batches, memory));
    eml_range(layer, p.input_zero_point, -128, 127);
    eml_range(layer, p.state_zero_point, -128, 127);
    eml_range(layer, p.output_zero_point, -128, 127);
    eml_multipliers(layer, p.feature_factor, 2, 30);
    eml_weights(layer, eml_align4(features) + (int64_t)4 * units + memory);
}

static void reset(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    int8_t *state = frame->arena + p.state;
    for (int32_t i = 0; i < p.batches * p.filters * p.memory; i++, state += p.state_size)
        memcpy(state, &p.state_zero_point, (size_t)p.state_size);
}

/* The input's projection onto a feature, held within the state's type, then with its zero point. */
static int32_t feature(const parameters *p, const int8_t *x, const int8_t *w)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < p->input_depth; i++)
        sum = eml_add(sum, (x[i] - p->input_zero_point) * w[i]);
    int32_t greatest = p->state_size == 2 ? INT16_MAX : INT8_MAX;
    return eml_clamp(eml_multiply(sum, p->feature_factor[0], p->feature_factor[1]), -greatest - 1, greatest) + p->state_zero_point;
}

static int32_t over_time(const parameters *p, const int8_t *state, const int8_t *w)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < p->memory; i++) {
        if (p->state_size == 1)
            sum = eml_add(sum, (state[i] - p->state_zero_point) * w[i]);
        else
            sum = eml_add(sum, eml_mul(eml_int16(state + 2 * i) - p->state_zero_point, eml_int16(w + 2 * i)));
    }
    return sum;
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t units = p.filters / p.rank;
    int32_t row_bytes = p.memory * p.state_size;
    const uint8_t *bias = frame->weights + eml_align4(p.filters * p.input_depth);
    const int8_t *time = (const int8_t *)bias + 4 * units;
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    int8_t *row = frame->arena + p.state;
    for (int32_t b = 0; b < p.batches; b++, x += p.input_depth) {
        for (int32_t u = 0; u < units; u++) {
            int32_t sum = eml_int32(bias + 4 * u);
            for (int32_t filter = u * p.rank; filter < (u + 1) * p.rank; filter++, row += row_bytes) {
                int32_t value = feature(&p, x, (const int8_t *)frame->weights + filter * p.input_depth);
                memmove(row, row + p.state_size, (size_t)(row_bytes - p.state_size));
                memcpy(row + row_bytes - p.state_size, &value, (size_t)p.state_size);
                sum = eml_add(sum, over_time(&p, row, time + filter * row_bytes));
            }
            *y++ = (int8_t)eml_clamp8(eml_add(eml_multiply(sum, p.time_factor[0], p.time_factor[1]), p.output_zero_point));
        }
    }
}

const eml_kernel eml_svdf = {EML_PARAMETERS(parameters), validate, run, reset};
