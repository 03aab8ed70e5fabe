/* int16 average pool (the mean over the taps inside the input, half away from zero) or maximum pool. */
#include "kernels.h"
#include "pool.h"

typedef struct parameters {
    eml_window window;
    int32_t average; /* 1 for the mean, 0 for the maximum */
} parameters;

static void position(const eml_frame *frame, const eml_pool *p, int8_t *y)
{
    bool average = eml_int32(frame->parameters + offsetof(parameters, average)) != 0;
    int32_t taps = p->rows * p->columns;
    for (int32_t c = 0; c < p->channels; c++) {
        int32_t sum = 0;
        int32_t result = p->low;
        for (int32_t ky = 0; ky < p->rows; ky++) {
            const int8_t *x = p->x + 2 * c + ky * p->row_step;
            for (int32_t kx = p->columns; kx > 0; kx--, x += p->column_step) {
                int32_t value = eml_int16(x);
                sum = eml_add(sum, value);
                result = value > result ? value : result;
            }
        }
        if (average)
            result = (sum > 0 ? eml_add(sum, taps >> 1) : eml_sub(sum, taps >> 1)) / taps;
        eml_put_int16(y + 2 * c, eml_clamp(result, p->low, p->high));
    }
}

static void validate(eml_layer *layer)
{
    parameters p;
    eml_window16_validate(layer, &p.window);
    memcpy(&p, layer->parameters, sizeof p);
    eml_check(layer, p.window.input_channels == p.window.output_channels);
    eml_range(layer, p.average, 0, 1);
    eml_weights(layer, 0);
}

static void run(const eml_frame *frame)
{
    eml_pool_run(frame, 2, position);
}

const eml_kernel eml_pool2d_int16 = {EML_PARAMETERS(parameters), validate, run, NULL};
