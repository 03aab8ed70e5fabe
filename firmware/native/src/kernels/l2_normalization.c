/* int8 rows divided by their Euclidean norm. The output's scale is 1/128, its zero point 0. */
#include "arithmetic/fixed_point.h"
#include "arithmetic/inverse_square_root.h"
#include "kernels.h"

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t rows;
    int32_t depth;
    int32_t zero_point;
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    int32_t count = eml_product(layer, p.rows, p.depth);
    /* The sum of squares of up to 255 fits an int32. */
    eml_range(layer, p.depth, 1, INT32_MAX / (255 * 255));
    eml_arena(layer, p.input, count);
    eml_arena(layer, p.output, count);
    eml_range(layer, p.zero_point, -128, 127);
    eml_weights(layer, 0);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    for (int32_t row = 0; row < p.rows; row++) {
        int32_t sum = 0;
        for (int32_t i = 0; i < p.depth; i++)
            sum += (x[i] - p.zero_point) * (x[i] - p.zero_point);
        int32_t shift;
        int32_t multiplier = eml_inverse_square_root(sum, &shift);
        for (int32_t i = 0; i < p.depth; i++)
            *y++ = (int8_t)eml_clamp8(eml_multiply(*x++ - p.zero_point, multiplier, shift + 7));
    }
}

const eml_kernel eml_l2_normalization = {EML_PARAMETERS(parameters), validate, run, NULL};
