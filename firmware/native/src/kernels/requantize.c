/* From one quantisation and type to another: clamp((x - zp_in) * factor + zp_out). Also activations that are a clamp. */
#include "arithmetic/fixed_point.h"
#include "conversion.h"
#include "kernels.h"

typedef struct parameters {
    eml_conversion conversion;
    int32_t input_zero_point;
    int32_t output_zero_point;
    int32_t multiplier;
    int32_t shift;
    int32_t low;
    int32_t high;
} parameters;

static void validate(eml_layer *layer)
{
    eml_conversion_validate(layer);
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_multipliers(layer, &p.multiplier, 1, 30);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const eml_conversion *c = &p.conversion;
    const int8_t *x = frame->arena + c->input;
    int8_t *y = frame->arena + c->output;
    for (int32_t i = 0; i < c->length; i++) {
        int32_t value = eml_sub(eml_read(x, c->input_type), p.input_zero_point);
        value = eml_add(eml_multiply(value, p.multiplier, p.shift), p.output_zero_point);
        eml_write(y, c->output_type, eml_clamp(value, p.low, p.high));
        x += 1 << eml_size_shift(c->input_type);
        y += 1 << eml_size_shift(c->output_type);
    }
}

const eml_kernel eml_requantize_layer = {EML_PARAMETERS(parameters), validate, run, NULL};
