/* Sets elements to one value. */
#include "kernels.h"

typedef struct parameters {
    int32_t output;
    int32_t length;
    int32_t value;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.length, 1, EML_MAX_BYTES);
    eml_arena(layer, p.output, p.length);
    eml_range(layer, p.value, -128, 127);
    eml_weights(layer, 0);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    memset(frame->arena + p.output, p.value, (size_t)p.length);
}

const eml_kernel eml_fill = {EML_PARAMETERS(parameters), validate, run, NULL};
