#include "pool.h"

void eml_pool_validate(eml_layer *layer)
{
    eml_window w;
    eml_window_validate(layer, &w);
    eml_check(layer, w.input_channels == w.output_channels);
    eml_weights(layer, 0);
}

static void fill(int8_t *y, int32_t channels, int32_t size, int32_t value)
{
    for (int32_t c = 0; c < channels; c++, y += size)
        memcpy(y, &value, (size_t)size);
}

void eml_pool_run(const eml_frame *frame, int32_t size, void (*position)(const eml_frame *frame, const eml_pool *pool, int8_t *y))
{
    eml_window w;
    memcpy(&w, frame->parameters, sizeof w);
    int32_t pixel = size * w.input_channels;
    int32_t row = w.input_width * pixel;
    eml_pool pool = {NULL, 0, w.dilation_height * row, 0, w.dilation_width * pixel, w.input_channels, w.low, w.high};
    int8_t *y = frame->arena + w.output;
    for (int32_t b = 0; b < w.batches; b++) {
        const int8_t *image = frame->arena + w.input + b * w.input_height * row;
        for (int32_t oy = 0; oy < w.output_height; oy++) {
            int32_t top = oy * w.stride_height - w.pad_top;
            eml_taps rows = eml_taps_inside(top, w.dilation_height, w.kernel_height, w.input_height);
            for (int32_t ox = 0; ox < w.output_width; ox++, y += pixel) {
                int32_t left = ox * w.stride_width - w.pad_left;
                eml_taps columns = eml_taps_inside(left, w.dilation_width, w.kernel_width, w.input_width);
                if (rows.end <= rows.first || columns.end <= columns.first) {
                    fill(y, w.output_channels, size, w.low);
                    continue;
                }
                pool.x = image + (top + rows.first * w.dilation_height) * row + (left + columns.first * w.dilation_width) * pixel;
                pool.rows = rows.end - rows.first;
                pool.columns = columns.end - columns.first;
                position(frame, &pool, y);
            }
        }
    }
}
