/* int16 functions with one slope for values from 0 on and another below: LeakyRelu, Abs. */
#include "arithmetic/fixed_point.h"
#include "conversion.h"
#include "kernels.h"

typedef struct parameters {
    eml_conversion conversion;
    int32_t factors[4]; /* multiplier and shift of values from 0 on, then of those below */
    int32_t negation;   /* values below 0 are negated never (0), before they are multiplied (1), or after (2) */
} parameters;

static void validate(eml_layer *layer)
{
    eml_conversion16_validate(layer);
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_weights(layer, 0);
    eml_multipliers(layer, p.factors, 2, 30);
    eml_range(layer, p.negation, 0, 2);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.conversion.input;
    int8_t *y = frame->arena + p.conversion.output;
    for (int32_t i = 0; i < p.conversion.length; i++) {
        int32_t value = eml_int16(x + 2 * i);
        if (value >= 0) {
            value = eml_multiply(value, p.factors[0], p.factors[1]);
        } else {
            value = eml_multiply(p.negation == 1 ? -value : value, p.factors[2], p.factors[3]);
            value = p.negation == 2 ? eml_sub(0, value) : value;
        }
        eml_put_int16(y + 2 * i, eml_clamp16(value));
    }
}

const eml_kernel eml_slopes_int16 = {EML_PARAMETERS(parameters), validate, run, NULL};
