#include "transposed.h"

int64_t eml_transposed_sum(const eml_window *w, const int8_t *image, const int8_t *filter, int32_t row, int32_t column, int32_t size, int32_t zero_point, eml_pixel_products products)
{
    int64_t sum = 0;
    for (int32_t ky = row % w->stride_height; ky < w->kernel_height && ky <= row; ky += w->stride_height) {
        int32_t iy = (row - ky) / w->stride_height;
        if (iy >= w->input_height)
            continue;
        for (int32_t kx = column % w->stride_width; kx < w->kernel_width && kx <= column; kx += w->stride_width) {
            int32_t ix = (column - kx) / w->stride_width;
            if (ix >= w->input_width)
                continue;
            const int8_t *x = image + size * (iy * w->input_width + ix) * w->input_channels;
            sum += products(x, filter + (ky * w->kernel_width + kx) * w->input_channels, w->input_channels, zero_point);
        }
    }
    return sum;
}
