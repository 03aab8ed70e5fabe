/*
 * Long short-term memory layer over a sequence, int8 activations and weights, int16 gates and cells. Hidden state and cells stay in the arena from one inference to the next.
 * With gates i, f, g, o: gate = act(W x + b + R h), both products requantised to 2^-12 and held within int16; act is the hyperbolic tangent for g and the logistic function for
 * the others, in Q0.15. c = f c + i g, h = o tanh(c). Weights: W [4, U, inputs] int8, R [4, U, U] int8, padding to a multiple of 4, biases of W x [4, U] int32, biases of
 * R h [4, U] int32, the table of the sigmoid curve. Gates in the order i, f, g, o.
 */
#include "arithmetic/fixed_point.h"
#include "kernel.h"
#include "kernels.h"
#include "sigmoid_curve.h"

enum { GATES = 4, CELL_GATE = 2 };

typedef struct factor {
    int32_t multiplier;
    int32_t shift;
} factor;

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t hidden;
    int32_t cell;
    int32_t batches;
    int32_t steps;
    int32_t input_depth;
    int32_t units;
    int32_t time_major;
    int32_t hidden_zero_point;
    int32_t cell_clip; /* 0 for none */
    int32_t cell_multiplier; /* brings a cell to steps of 1 / 12288 */
    int32_t cell_shift;
    factor input_factors[GATES];
    factor hidden_factors[GATES];
    factor forget;
    factor update;
    factor result;
} parameters;

static int32_t weight_count(const parameters *p)
{
    return eml_align4(GATES * p->units * (p->input_depth + p->units));
}

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    int32_t rows = eml_product(layer, p.batches, p.steps);
    int32_t states = eml_product(layer, p.batches, p.units);
    eml_arena(layer, p.input, eml_product(layer, rows, p.input_depth));
    eml_arena(layer, p.output, eml_product(layer, rows, p.units));
    eml_arena(layer, p.hidden, states);
    eml_arena(layer, p.cell, eml_product(layer, states, 2));
    eml_range(layer, p.time_major, 0, 1);
    eml_range(layer, p.hidden_zero_point, -128, 127);
    eml_range(layer, p.cell_clip, 0, INT16_MAX);
    eml_range(layer, p.cell_multiplier, 0, INT16_MAX);
    eml_range(layer, p.cell_shift, 0, 31);
    eml_multipliers(layer, &p.input_factors[0].multiplier, 2 * GATES + 3, 30);
    eml_product(layer, 2 * GATES, eml_product(layer, p.units, p.input_depth));
    eml_product(layer, 2 * GATES, eml_product(layer, p.units, p.units));
    if (!layer->failed)
        eml_weights(layer, weight_count(&p) + (int64_t)32 * p.units + EML_SIGMOID_BYTES);
}

static void reset(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t count = p.batches * p.units;
    memset(frame->arena + p.hidden, p.hidden_zero_point, (size_t)count);
    memset(frame->arena + p.cell, 0, (size_t)(2 * count));
}

static int32_t scale(factor f, int32_t value)
{
    return eml_requantize(value, f.multiplier, f.shift);
}

/* A row's products, held within int16. */
static int32_t product(const int8_t *x, const int8_t *w, int32_t depth, int32_t bias, factor f)
{
    int32_t sum = bias;
    for (int32_t i = 0; i < depth; i++)
        sum = eml_add(sum, x[i] * w[i]);
    return eml_clamp16(scale(f, sum));
}

/* A gate of a unit in Q0.15. */
static int32_t gate(const parameters *p, const uint8_t *weights, int32_t index, int32_t u, const int8_t *x, const int8_t *hidden)
{
    int32_t row = index * p->units + u;
    const uint8_t *biases = weights + weight_count(p);
    const int8_t *recurrent = (const int8_t *)weights + GATES * p->units * p->input_depth;
    int32_t fresh = product(x, (const int8_t *)weights + row * p->input_depth, p->input_depth, eml_int32(biases + 4 * row), p->input_factors[index]);
    int32_t fed = product(hidden, recurrent + row * p->units, p->units, eml_int32(biases + 4 * (GATES * p->units + row)), p->hidden_factors[index]);
    return eml_sigmoid(biases + 32 * p->units, 3 * eml_clamp16(fresh + fed), index == CELL_GATE);
}

/* Brings one cell a step further and gives its new hidden state. */
static int32_t step(const parameters *p, const uint8_t *weights, int32_t u, const int8_t *x, const int8_t *hidden, int8_t *cell)
{
    int32_t gates[GATES];
    for (int32_t i = 0; i < GATES; i++)
        gates[i] = gate(p, weights, i, u, x, hidden);
    int32_t kept = eml_clamp16(scale(p->forget, eml_mul(gates[1], eml_int16(cell))));
    int32_t value = eml_clamp16(kept + eml_clamp16(scale(p->update, eml_mul(gates[0], gates[CELL_GATE]))));
    if (p->cell_clip > 0)
        value = eml_clamp(value, -p->cell_clip, p->cell_clip);
    eml_put_int16(cell, value);
    int32_t scaled = eml_shift_half_up(value, p->cell_multiplier, p->cell_shift);
    const uint8_t *curve = weights + weight_count(p) + 32 * p->units;
    return eml_clamp8(eml_add(scale(p->result, eml_mul(gates[3], eml_sigmoid(curve, scaled, true))), p->hidden_zero_point));
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    for (int32_t b = 0; b < p.batches; b++) {
        int8_t *hidden = frame->arena + p.hidden + b * p.units;
        int8_t *cell = frame->arena + p.cell + 2 * b * p.units;
        for (int32_t t = 0; t < p.steps; t++) {
            int32_t row = p.time_major ? t * p.batches + b : b * p.steps + t;
            int8_t *y = frame->arena + p.output + row * p.units;
            for (int32_t u = 0; u < p.units; u++)
                y[u] = (int8_t)step(&p, frame->weights, u, frame->arena + p.input + row * p.input_depth, hidden, cell + 2 * u);
            memmove(hidden, y, (size_t)p.units);
        }
    }
}

const eml_kernel eml_lstm = {EML_PARAMETERS(parameters), validate, run, reset};
