/*
 * int16 arithmetic with two inputs. With a = (x1 << left shift) * factor 1 and b likewise: addition gives a + b, subtraction a - b, squared difference (a - b)^2. Multiplication
 * gives x1 * x2. Each is scaled by the output's factor. PRelu gives x1 * factor 1, or x1 * (x2 - zp) * factor 2 for negative x1; its x2 is int8.
 */
#include "arithmetic/fixed_point.h"
#include "broadcast.h"
#include "kernels.h"

enum { ADD = 0, SUB = 1, MUL = 2, SQUARED_DIFFERENCE = 3, PRELU = 4 };

typedef struct parameters {
    eml_broadcast broadcast;
    int32_t kind;
    int32_t left_shift;
    int32_t slope_zero_point;
    int32_t factors[6]; /* multiplier and shift of the first input, of the second, and of the output */
    int32_t low;
    int32_t high;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    eml_broadcast_validate(layer, &p.broadcast);
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.kind, ADD, PRELU);
    eml_check(layer, p.broadcast.output_size == 2 && p.broadcast.input_sizes[0] == 2 && p.broadcast.input_sizes[1] == (p.kind == PRELU ? 1 : 2));
    eml_range(layer, p.left_shift, 0, 15);
    eml_range(layer, p.slope_zero_point, -128, 127);
    eml_multipliers(layer, p.factors, 3, 30);
    eml_activation(layer, p.low, p.high, INT16_MIN, INT16_MAX);
}

static int32_t scale(const parameters *p, int32_t value, int32_t factor)
{
    return eml_multiply(value, p->factors[2 * factor], p->factors[2 * factor + 1]);
}

static int32_t combine(const parameters *p, int32_t x1, const int8_t *x2)
{
    if (p->kind == MUL)
        return x1 * eml_int16(x2);
    int32_t a = scale(p, eml_mul(x1, 1 << p->left_shift), 0);
    int32_t b = scale(p, eml_mul(eml_int16(x2), 1 << p->left_shift), 1);
    if (p->kind == ADD)
        return eml_add(a, b);
    int32_t difference = eml_sub(a, b);
    return p->kind == SUB ? difference : eml_mul(difference, difference);
}

static void operation(const void *layer, const int8_t *const x[3], int8_t *y)
{
    const parameters *p = layer;
    int32_t value = eml_int16(x[0]);
    if (p->kind != PRELU)
        value = scale(p, combine(p, value, x[1]), 2);
    else if (value >= 0)
        value = scale(p, value, 0);
    else
        value = scale(p, value * (*x[1] - p->slope_zero_point), 1);
    eml_put_int16(y, eml_clamp(value, p->low, p->high));
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    eml_broadcast_run(frame, &p.broadcast, operation);
}

const eml_kernel eml_binary_int16 = {EML_PARAMETERS(parameters), validate, run, NULL};
