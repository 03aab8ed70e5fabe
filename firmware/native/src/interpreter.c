/* Runs a model layer by layer. */
#include "model.h"

/* The kernel of the next layer, and the layer as a frame. */
static const eml_kernel *advance(eml_interpreter *interpreter, eml_frame *frame)
{
    const eml_model *model = interpreter->model;
    const uint8_t *record = interpreter->record;
    frame->parameters = record + EML_LAYER_SIZE;
    frame->weights = model->data + eml_header(model, EML_HEADER_WEIGHTS) + eml_int32(record + EML_LAYER_WEIGHTS);
    frame->arena = interpreter->arena;
    frame->scratch = interpreter->scratch;
    interpreter->record = eml_next_layer(record);
    interpreter->layer++;
    return eml_find_kernel(model->kernels, eml_uint16(record + EML_LAYER_OPCODE));
}

eml_error eml_init(eml_interpreter *interpreter, const eml_model *model, int8_t *arena, int32_t arena_bytes, void *scratch, int32_t scratch_bytes)
{
    if (arena_bytes < model->arena_bytes || scratch_bytes < model->scratch_bytes)
        return EML_ARENA_TOO_SMALL;
    interpreter->model = model;
    interpreter->arena = arena;
    interpreter->scratch = scratch;
    eml_reset_state(interpreter);
    return EML_OK;
}

void eml_restart(eml_interpreter *interpreter)
{
    interpreter->layer = 0;
    interpreter->record = interpreter->model->data + eml_header(interpreter->model, EML_HEADER_LAYERS);
}

bool eml_step(eml_interpreter *interpreter)
{
    if (interpreter->layer == interpreter->model->layer_count)
        return false;
    eml_frame frame;
    advance(interpreter, &frame)->run(&frame);
    return true;
}

void eml_invoke(eml_interpreter *interpreter)
{
    eml_restart(interpreter);
    while (eml_step(interpreter)) {
    }
}

void eml_reset_state(eml_interpreter *interpreter)
{
    eml_restart(interpreter);
    while (interpreter->layer < interpreter->model->layer_count) {
        eml_frame frame;
        const eml_kernel *kernel = advance(interpreter, &frame);
        if (kernel->reset != NULL)
            kernel->reset(&frame);
    }
    eml_restart(interpreter);
}

/* Fills a tensor with the low bytes of xorshift32; gives the seed to go on with. */
static uint32_t fill_input(int8_t *values, int32_t count, uint32_t seed)
{
    for (int32_t i = 0; i < count; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        values[i] = (int8_t)seed;
    }
    return seed;
}

eml_error eml_self_test(eml_interpreter *interpreter)
{
    const eml_model *model = interpreter->model;
    int32_t offset = eml_header(model, EML_HEADER_SELF_TEST);
    if (offset == 0)
        return EML_NO_SELF_TEST;
    eml_reset_state(interpreter);
    uint32_t seed = (uint32_t)eml_int32(model->data + offset + EML_SELF_TEST_SEED);
    eml_tensor tensor;
    for (int32_t i = 0; eml_model_input(model, i, &tensor) == EML_OK; i++)
        seed = fill_input(interpreter->arena + tensor.arena, tensor.bytes, seed);
    eml_invoke(interpreter);
    const uint8_t *expected = model->data + offset + EML_SELF_TEST_OUTPUTS;
    eml_error result = EML_OK;
    for (int32_t i = 0; eml_model_output(model, i, &tensor) == EML_OK; i++) {
        if (memcmp(interpreter->arena + tensor.arena, expected, (size_t)tensor.bytes) != 0)
            result = EML_SELF_TEST_FAILED;
        expected += tensor.bytes;
    }
    eml_reset_state(interpreter);
    return result;
}
