/* int8 maximum pool: the greatest tap inside the input. */
#include "kernels.h"
#include "pool.h"

static void position(const eml_frame *frame, const eml_pool *p, int8_t *y)
{
    (void)frame;
    int32_t row_step = p->row_step;
    int32_t column_step = p->column_step;
    for (int32_t c = 0; c < p->channels; c++) {
        int32_t greatest = p->low;
        const int8_t *row = p->x + c;
        for (int32_t rows = p->rows; rows > 0; rows--, row += row_step) {
            const int8_t *x = row;
            for (int32_t columns = p->columns; columns > 0; columns--, x += column_step)
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
