/* int8 maximum pool: the greatest tap inside the input. */
#include "kernels.h"
#include "pool.h"

static void position(const eml_frame *frame, const eml_pool *p, int8_t *y)
{
    (void)frame;
    for (int32_t c = 0; c < p->channels; c++) {
        int32_t greatest = p->low;
        for (int32_t ky = 0; ky < p->rows; ky++) {
            const int8_t *x = p->x + c + ky * p->row_step;
            for (int32_t kx = p->columns; kx > 0; kx--, x += p->column_step)
                greatest = *x > greatest ? *x : greatest;
        }
        y[c] = (int8_t)(greatest > p->high ? p->high : greatest);
    }
}

static void run(const eml_frame *frame)
{
    eml_pool_run(frame, 1, position);
}

const eml_kernel eml_max_pool2d = {EML_PARAMETERS(eml_window), eml_pool_validate, run, NULL};
