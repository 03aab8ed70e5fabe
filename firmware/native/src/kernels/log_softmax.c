/* int8 logarithm of softmax over rows. The output's scale is 16/256, its zero point 127. */
#include "arithmetic/fixed_logarithm.h"
#include "arithmetic/fixed_point.h"
#include "exp_table.h"
#include "kernels.h"

/* Fractional bits of Q5.26 less those of the output. */
enum { OUTPUT_SHIFT = 26 - 4 };

typedef struct parameters {
    eml_exp_table table;
    int32_t multiplier; /* from a difference to Q5.26 */
    int32_t shift;
    int32_t reverse_multiplier; /* from Q5.26 to a difference */
    int32_t reverse_shift;
    int32_t least_difference; /* not positive, whose exponential is not 0 */
} parameters;

static void validate(eml_layer *layer)
{
    eml_exp_table_validate(layer, 1);
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_multipliers(layer, &p.multiplier, 1, 31);
    eml_multipliers(layer, &p.reverse_multiplier, 1, 30);
    eml_range(layer, p.least_difference, -INT32_MAX, 0);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.table.input;
    int8_t *y = frame->arena + p.table.output;
    for (int32_t row = 0; row < p.table.rows; row++) {
        int32_t max = eml_row_max(x, p.table.depth);
        int32_t log_sum = eml_logarithm(eml_exp_sum(frame, &p.table, x, max));
        int32_t least = eml_multiply(eml_add(log_sum, INT32_MIN), p.reverse_multiplier, p.reverse_shift);
        if (least < p.least_difference - 1)
            least = p.least_difference - 1;
        for (int32_t i = 0; i < p.table.depth; i++) {
            int32_t difference = *x++ - max;
            int32_t value = -128;
            if (difference > least) {
                int32_t rescaled = eml_sub(eml_multiply(difference, p.multiplier, p.shift), log_sum);
                value = eml_clamp8(eml_rounding_shift(rescaled, OUTPUT_SHIFT) + 127);
            }
            *y++ = (int8_t)value;
        }
    }
}

const eml_kernel eml_log_softmax = {EML_PARAMETERS(parameters), validate, run, NULL};
