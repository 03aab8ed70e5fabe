/* Moves elements from one pattern of strides to another: transpose, slice, concatenation, pack, broadcast, reverse. */
#include "kernels.h"

enum { RANK = EML_MAX_RANK };

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t shape[RANK];
    int32_t input_strides[RANK];
    int32_t output_strides[RANK];
} parameters;

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    /* A copy that writes a byte more than once would only take time. */
    eml_check(layer, eml_product_of(layer, p.shape, RANK) <= layer->arena_bytes);
    eml_strided(layer, p.input, p.input_strides, p.shape, RANK, -EML_MAX_BYTES, 1);
    eml_strided(layer, p.output, p.output_strides, p.shape, RANK, -EML_MAX_BYTES, 1);
    eml_weights(layer, 0);
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    const int8_t *x = frame->arena + p.input;
    int8_t *y = frame->arena + p.output;
    int32_t last = p.shape[RANK - 1];
    int32_t input_step = p.input_strides[RANK - 1];
    int32_t output_step = p.output_strides[RANK - 1];
    int32_t index[RANK] = {0};
    for (;;) {
        /* A row from which and to which steps of one byte lead, and which has eight bytes or more, is moved as if it were copied first. */
        if (input_step == 1 && output_step == 1 && last >= 8) {
            memmove(y, x, (size_t)last);
        } else {
            for (int32_t i = 0; i < last; i++)
                y[i * output_step] = x[i * input_step];
        }
        int32_t axis = RANK - 2;
        for (; axis >= 0; axis--) {
            x += p.input_strides[axis];
            y += p.output_strides[axis];
            if (++index[axis] < p.shape[axis])
                break;
            x -= p.input_strides[axis] * p.shape[axis];
            y -= p.output_strides[axis] * p.shape[axis];
            index[axis] = 0;
        }
        if (axis < 0)
            return;
    }
}

const eml_kernel eml_strided_copy = {EML_PARAMETERS(parameters), validate, run, NULL};
