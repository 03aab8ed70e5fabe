/* Takes each element from the second input where the first one, a boolean, is true, or else from the third. Elements are copied as they are. */
#include "broadcast.h"
#include "kernels.h"

static void validate(eml_layer *layer)
{
    eml_broadcast p;
    eml_broadcast_validate(layer, &p);
    eml_check(layer, p.input_sizes[0] == 1 && p.input_sizes[1] == p.output_size && p.input_sizes[2] == p.output_size);
}

static void operation(const void *parameters, const int8_t *const x[3], int8_t *y)
{
    const eml_broadcast *p = parameters;
    memmove(y, *x[0] != 0 ? x[1] : x[2], (size_t)p->output_size);
}

static void run(const eml_frame *frame)
{
    eml_broadcast p;
    memcpy(&p, frame->parameters, sizeof p);
    eml_broadcast_run(frame, &p, operation);
}

const eml_kernel eml_select = {EML_PARAMETERS(eml_broadcast), validate, run, NULL};
