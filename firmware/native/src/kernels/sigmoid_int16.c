/* int16 logistic or hyperbolic tangent. Output scale 2^-15, zero points 0. Weights: the table of the sigmoid curve. */
#include "conversion.h"
#include "kernels.h"
#include "sigmoid_curve.h"

typedef struct parameters {
    eml_conversion conversion;
    int32_t multiplier; /* to steps of 1 / 12288 */
    int32_t shift;      /* to the right */
    int32_t hyperbolic;
} parameters;

static void validate(eml_layer *layer)
{
    eml_conversion16_validate(layer);
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.multiplier, 0, INT16_MAX);
    eml_range(layer, p.shift, 0, 31);
    eml_range(layer, p.hyperbolic, 0, 1);
    eml_weights(layer, EML_SIGMOID_BYTES);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.conversion.input;
    int8_t *y = frame->arena + p.conversion.output;
    for (int32_t i = 0; i < p.conversion.length; i++) {
        int32_t scaled = eml_shift_half_up(eml_int16(x + 2 * i), p.multiplier, p.shift);
        eml_put_int16(y + 2 * i, eml_sigmoid(frame->weights, scaled, p.hyperbolic != 0));
    }
}

const eml_kernel eml_sigmoid_int16 = {EML_PARAMETERS(parameters), validate, run, NULL};
