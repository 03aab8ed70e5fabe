/* int8 average pool: the mean over the taps inside the input, half away from zero. */
#include "kernels.h"
#include "pool.h"

static void position(const eml_frame *frame, const eml_pool *p, int8_t *y)
{
    (void)frame;
    int32_t taps = p->rows * p->columns;
    for (int32_t c = 0; c < p->channels; c++) {
        int32_t sum = 0;
        for (int32_t ky = 0; ky < p->rows; ky++) {
            const int8_t *x = p->x + c + ky * p->row_step;
            for (int32_t kx = p->columns; kx > 0; kx--, x += p->column_step)
                sum += *x;
        }
        sum = (sum > 0 ? sum + (taps >> 1) : sum - (taps >> 1)) / taps;
        y[c] = (int8_t)eml_clamp(sum, p->low, p->high);
    }
}

static void run(const eml_frame *frame)
{
    eml_pool_run(frame, 1, position);
}

const eml_kernel eml_average_pool2d = {EML_PARAMETERS(eml_window), eml_pool_validate, run, NULL};
