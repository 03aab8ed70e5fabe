/*
 * Windows are gathered in the scratch, where padding is the input's zero point, widened two at a time and multiplied with two rows of weights at a time.
 * The bias holds -zp_in * sum of weights already.
 */
#include "convolution.h"

#include "channel_table.h"

void eml_convolution_validate(eml_layer *layer, eml_convolution *p, eml_weight_format format)
{
    eml_window_validate(layer, &p->window);
    memcpy(p, layer->parameters, sizeof *p);
    eml_range(layer, p->input_zero_point, -128, 127);
    eml_range(layer, p->output_zero_point, -128, 127);
    eml_range(layer, p->groups, 1, EML_MAX_BYTES);
    if (layer->failed)
        return;
    const eml_window *w = &p->window;
    eml_check(layer, w->input_channels % p->groups == 0 && w->output_channels % p->groups == 0);
    int32_t depth = eml_product(layer, eml_product(layer, w->kernel_height, w->kernel_width), w->input_channels / p->groups);
    eml_channel_table_validate(layer, eml_product(layer, eml_row_bytes(format, depth), w->output_channels), w->output_channels);
    if (!layer->failed)
        eml_scratch(layer, eml_convolution_scratch(p, format));
}

int32_t eml_convolution_scratch(const eml_convolution *p, eml_weight_format format)
{
    int32_t depth = p->window.kernel_height * p->window.kernel_width * (p->window.input_channels / p->groups);
    return eml_linear_scratch(format, depth) + 2 * eml_align4(depth);
}

/* Copies the taps of a window that lie in the input, and puts the zero point where others are. */
static void gather(const eml_convolution *p, const int8_t *image, int32_t top, int32_t left, int32_t channels, int32_t depth, int8_t *to)
{
    const eml_window *w = &p->window;
    eml_taps rows = eml_taps_inside(top, w->dilation_height, w->kernel_height, w->input_height);
    eml_taps columns = eml_taps_inside(left, w->dilation_width, w->kernel_width, w->input_width);
    bool one_run = w->dilation_width == 1 && p->groups == 1;
    int32_t run = one_run ? (columns.end - columns.first) * channels : channels;
    if (rows.end - rows.first < w->kernel_height || columns.end - columns.first < w->kernel_width)
        memset(to, p->input_zero_point, (size_t)depth);
    to += columns.first * channels;
    image += ((top + rows.first * w->dilation_height) * w->input_width + left + columns.first * w->dilation_width) * w->input_channels;
    for (int32_t ky = rows.first; ky < rows.end; ky++) {
        const int8_t *x = image + (ky - rows.first) * w->dilation_height * w->input_width * w->input_channels;
        int8_t *row = to + ky * w->kernel_width * channels;
        for (int32_t kx = columns.first; kx < columns.end; kx += one_run ? w->kernel_width : 1) {
            int32_t i = 0;
            for (; i < run - 3; i += 4)
                eml_put_int32(row + i, eml_int32(x + i));
            for (; i < run; i++)
                row[i] = x[i];
            x += w->dilation_width * w->input_channels;
            row += channels;
        }
    }
}

/* Outputs of one group of channels for one position or two. */
static void outputs(const eml_convolution *p, const eml_linear *linear, int16_t *widened, const int8_t *const windows[2], int8_t *const y[2], int32_t first, int32_t count)
{
    eml_widen_two(widened, windows[0], windows[1], linear->depth);
    eml_linear_two(linear, widened, first, count, y[0], y[1]);
    eml_clamp_outputs(y[0], count, p->window.low, p->window.high);
    if (y[0] != y[1])
        eml_clamp_outputs(y[1], count, p->window.low, p->window.high);
}

void eml_convolution_run(const eml_frame *frame, eml_weight_format format)
{
    eml_convolution p;
    memcpy(&p, frame->parameters, sizeof p);
    const eml_window *w = &p.window;
    int32_t channels = w->input_channels / p.groups;
    int32_t count = w->output_channels / p.groups;
    int32_t depth = w->kernel_height * w->kernel_width * channels;
    int32_t padded = eml_align4(depth);
    int16_t *widened = frame->scratch;
    int8_t *gathered = (int8_t *)(widened + 2 * padded);
    int32_t rows = eml_row_bytes(format, depth) * w->output_channels;
    eml_linear linear = {frame->weights, frame->weights + eml_align4(rows), w->output_channels, depth, p.output_zero_point, format, gathered + 2 * padded};
    for (int32_t g = 0; g < p.groups; g++) {
        const int8_t *windows[2];
        int8_t *y[2];
        int32_t held = 0;
        int8_t *output = frame->arena + w->output + g * count;
        for (int32_t b = 0; b < w->batches; b++) {
            const int8_t *image = frame->arena + w->input + b * w->input_height * w->input_width * w->input_channels + g * channels;
            for (int32_t oy = 0; oy < w->output_height; oy++) {
                for (int32_t ox = 0; ox < w->output_width; ox++) {
                    gather(&p, image, oy * w->stride_height - w->pad_top, ox * w->stride_width - w->pad_left, channels, depth, gathered + held * padded);
                    windows[held] = gathered + held * padded;
                    y[held] = output;
                    output += w->output_channels;
                    if (++held < 2)
                        continue;
                    outputs(&p, &linear, widened, windows, y, g * count, count);
                    held = 0;
                }
            }
        }
        if (held == 1) {
            windows[1] = windows[0];
            y[1] = y[0];
            outputs(&p, &linear, widened, windows, y, g * count, count);
        }
    }
}
