/* int8 sum of several inputs of one shape and quantisation. */
#include "kernels.h"
#include "sum_scale.h"

enum { INPUTS_MAX = 16 };

typedef struct parameters {
    eml_sum_scale scale;
    int32_t length;
    int32_t count;
    int32_t output;
    int32_t inputs[INPUTS_MAX];
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_sum_scale_validate(layer, &p.scale);
    eml_range(layer, p.length, 1, EML_MAX_BYTES);
    eml_range(layer, p.count, 1, INPUTS_MAX);
    eml_arena(layer, p.output, p.length);
    for (int32_t i = 0; i < p.count && !layer->failed; i++)
        eml_arena(layer, p.inputs[i], p.length);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    for (int32_t i = 0; i < p.length; i++) {
        int32_t sum = p.scale.start - p.count * p.scale.input_zero_point;
        for (int32_t j = 0; j < p.count; j++)
            sum += frame->arena[p.inputs[j] + i];
        frame->arena[p.output + i] = eml_sum_output(&p.scale, sum);
    }
}

const eml_kernel eml_add_n = {EML_PARAMETERS(parameters), validate, run, NULL};
