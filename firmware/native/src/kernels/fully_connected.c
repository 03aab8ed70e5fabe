#include "fully_connected.h"

#include "channel_table.h"
#include "kernels.h"

void eml_dense_validate(eml_layer *layer, eml_dense *p, eml_weight_format format)
{
    memcpy(p, layer->parameters, sizeof *p);
    eml_arena(layer, p->input, eml_product(layer, p->batches, p->input_depth));
    eml_arena(layer, p->output, eml_product(layer, p->batches, p->output_depth));
    eml_range(layer, p->output_zero_point, -128, 127);
    int32_t zero_point_max = format == EML_WEIGHTS_INT8 ? 127 : 0;
    eml_range(layer, p->weight_zero_point, format == EML_WEIGHTS_INT8 ? -128 : 0, zero_point_max);
    eml_activation(layer, p->low, p->high, -128, 127);
    if (layer->failed)
        return;
    eml_channel_table_validate(layer, eml_product(layer, eml_row_bytes(format, p->input_depth), p->output_depth), p->output_depth);
    if (!layer->failed)
        eml_scratch(layer, eml_dense_scratch(p, format));
}

int32_t eml_dense_scratch(const eml_dense *p, eml_weight_format format)
{
    if (p->batches == 1 && format != EML_WEIGHTS_INT4)
        return 2 * (eml_align4(p->input_depth) + 8);
    return eml_linear_scratch(format, p->input_depth);
}

static int32_t sum_of(const int8_t *x, int32_t count)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < count; i++)
        sum = eml_add(sum, x[i]);
    return sum;
}

void eml_dense_run(const eml_frame *frame, eml_weight_format format)
{
    eml_dense p;
    memcpy(&p, frame->parameters, sizeof p);
    int32_t depth = p.input_depth;
    int16_t *widened = frame->scratch;
    int32_t rows = eml_row_bytes(format, depth) * p.output_depth;
    eml_linear linear = {frame->weights, frame->weights + eml_align4(rows), p.output_depth, depth, p.output_zero_point, format, (int8_t *)(widened + 2 * eml_align4(depth))};
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    int32_t zero_point = format == EML_WEIGHTS_OFFSET ? 128 : p.weight_zero_point;
    for (int32_t b = 0; b < p.batches;) {
        int32_t taken = zero_point == 0 && (b + 1 < p.batches || format == EML_WEIGHTS_INT4) ? 2 : 1;
        if (taken == 2) {
            bool last = b + 1 == p.batches;
            eml_widen_two(widened, x, last ? x : x + depth, depth);
            eml_linear_two(&linear, widened, 0, p.output_depth, y, last ? y : y + p.output_depth);
        } else {
            eml_widen(widened, x, depth);
            eml_linear_one(&linear, widened, zero_point == 0 ? 0 : eml_mul(-zero_point, sum_of(x, depth)), 0, p.output_depth, y);
        }
        b += taken;
        x += taken * depth;
        y += taken * p.output_depth;
    }
    eml_clamp_outputs(frame->arena + p.output, p.batches * p.output_depth, p.low, p.high);
}

static void validate(eml_layer *layer)
{
    eml_dense p;
    eml_dense_validate(layer, &p, EML_WEIGHTS_INT8);
}

void eml_fully_connected_run(const eml_frame *frame)
{
    eml_dense_run(frame, EML_WEIGHTS_INT8);
}

const eml_kernel eml_fully_connected = {EML_PARAMETERS(eml_dense), validate, eml_fully_connected_run, NULL};
