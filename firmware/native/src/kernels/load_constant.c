/* Copies a constant from the weights into the arena. */
#include "kernels.h"

typedef struct parameters {
    int32_t output;
    int32_t length;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.length, 1, EML_MAX_BYTES);
    eml_arena(layer, p.output, p.length);
    eml_weights(layer, p.length);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    memcpy(frame->arena + p.output, frame->weights, (size_t)p.length);
}

const eml_kernel eml_load_constant = {EML_PARAMETERS(parameters), validate, run, NULL};
