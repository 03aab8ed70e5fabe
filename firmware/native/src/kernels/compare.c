/* Compares elements and gives booleans. Quantised inputs are brought to reals in fixed point first, ((x - zp) << 8) * scale, so near values may count as equal. */
#include "arithmetic/fixed_point.h"
#include "broadcast.h"
#include "element.h"
#include "kernels.h"

enum { LESS = 1, EQUAL = 2, GREATER = 4, LEFT_SHIFT = 8 };

typedef struct scale {
    int32_t zero_point;
    int32_t multiplier;
    int32_t shift;
} scale;

typedef struct parameters {
    eml_broadcast broadcast;
    int32_t holds; /* sum of LESS, EQUAL and GREATER */
    int32_t type;
    int32_t scaled;
    scale scales[2];
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    eml_broadcast_validate(layer, &p.broadcast);
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.holds, 0, LESS + EQUAL + GREATER);
    eml_range(layer, p.type, 0, EML_UINT8);
    eml_range(layer, p.scaled, 0, 1);
    eml_multipliers(layer, &p.scales[0].multiplier, 1, 30);
    eml_multipliers(layer, &p.scales[1].multiplier, 1, 30);
    if (layer->failed)
        return;
    int32_t size = 1 << eml_size_shift(p.type);
    eml_check(layer, p.broadcast.output_size == 1 && p.broadcast.input_sizes[0] == size && p.broadcast.input_sizes[1] == size);
}

static int32_t value_of(const parameters *p, int32_t input, const int8_t *x)
{
    int32_t value = eml_read(x, p->type);
    if (!p->scaled)
        return value;
    const scale *s = &p->scales[input];
    return eml_multiply(eml_mul(eml_sub(value, s->zero_point), 1 << LEFT_SHIFT), s->multiplier, s->shift);
}

static void operation(const void *layer, const int8_t *const x[3], int8_t *y)
{
    const parameters *p = layer;
    int32_t a = value_of(p, 0, x[0]);
    int32_t b = value_of(p, 1, x[1]);
    *y = (p->holds & (a < b ? LESS : a > b ? GREATER : EQUAL)) != 0;
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    eml_broadcast_run(frame, &p.broadcast, operation);
}

const eml_kernel eml_compare = {EML_PARAMETERS(parameters), validate, run, NULL};
