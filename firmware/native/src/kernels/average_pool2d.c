/* int8 average pool: the mean over the taps inside the input, half away from zero. */
#include "kernels.h"
#include "pool.h"

static int32_t sum_of(const int8_t *x, int32_t count, int32_t step)
{
    int32_t sum = 0;
    for (; count >= 4; count -= 4, x += 4 * step)
        sum += x[0] + x[step] + x[2 * step] + x[3 * step];
    for (; count > 0; count--, x += step)
        sum += *x;
    return sum;
}

static void position(const eml_frame *frame, const eml_pool *p, int8_t *y)
{
    (void)frame;
    int32_t taps = p->rows * p->columns;
    bool one_run = p->row_step == p->columns * p->column_step;
    int32_t rows = one_run ? 1 : p->rows;
    int32_t columns = one_run ? taps : p->columns;
    for (int32_t c = 0; c < p->channels; c++) {
        int32_t sum = 0;
        for (int32_t ky = 0; ky < rows; ky++)
            sum += sum_of(p->x + c + ky * p->row_step, columns, p->column_step);
        sum = (sum > 0 ? sum + (taps >> 1) : sum - (taps >> 1)) / taps;
        y[c] = (int8_t)eml_clamp(sum, p->low, p->high);
    }
}

static void run(const eml_frame *frame)
{
    eml_pool_run(frame, 1, position);
}

const eml_kernel eml_average_pool2d = {EML_PARAMETERS(eml_window), eml_pool_validate, run, NULL};
