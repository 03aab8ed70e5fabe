#include "batch.h"

#include "bytes.h"
#include "format.h"
#include "platform.h"

/* Larger models are hostile ones. */
enum { MEMORY_MAX = 64 << 20 };

static void read_opcodes(run_result *result)
{
    const uint8_t *record = result->model.data + eml_int32(result->model.data + EML_HEADER_LAYERS);
    result->layer_count = result->model.layer_count < LAYERS_MAX ? result->model.layer_count : LAYERS_MAX;
    for (int32_t i = 0; i < result->layer_count; i++) {
        result->opcodes[i] = eml_uint16(record);
        record += EML_LAYER_SIZE + 4 * eml_uint16(record + EML_LAYER_PARAMETER_COUNT);
    }
}

/* Copies a sample to the inputs, or from the outputs; gives its bytes. */
static int32_t copy_in(const eml_interpreter *interpreter, const uint8_t *from)
{
    int32_t bytes = 0;
    eml_tensor tensor;
    for (int32_t i = 0; eml_model_input(interpreter->model, i, &tensor) == EML_OK; i++) {
        if (from != NULL)
            memcpy(interpreter->arena + tensor.arena, from + bytes, (size_t)tensor.bytes);
        bytes += tensor.bytes;
    }
    return bytes;
}

static int32_t copy_out(const eml_interpreter *interpreter, int8_t *to)
{
    int32_t bytes = 0;
    eml_tensor tensor;
    for (int32_t i = 0; eml_model_output(interpreter->model, i, &tensor) == EML_OK; i++) {
        if (to != NULL)
            memcpy(to + bytes, interpreter->arena + tensor.arena, (size_t)tensor.bytes);
        bytes += tensor.bytes;
    }
    return bytes;
}

static void run_sample(eml_interpreter *interpreter, run_result *result)
{
    eml_restart(interpreter);
    for (int32_t layer = 0;; layer++) {
        uint32_t before = platform_instructions();
        if (!eml_step(interpreter))
            return;
        uint32_t taken = platform_instructions() - before;
        if (layer < LAYERS_MAX)
            result->instructions[layer] = taken;
        result->total += taken;
    }
}

eml_error run_model(const uint8_t *data, int32_t length, const uint8_t *inputs, int32_t input_length, bool carries_state, run_result *result)
{
    memset(result, 0, sizeof *result);
    eml_error error = eml_model_load(&result->model, data, length, &eml_kernels_all);
    if (error != EML_OK)
        return error;
    const eml_model *model = &result->model;
    read_opcodes(result);
    if (model->arena_bytes > MEMORY_MAX || model->scratch_bytes > MEMORY_MAX)
        return EML_ARENA_TOO_SMALL;
    int8_t *arena = platform_allocate(model->arena_bytes);
    void *scratch = platform_allocate(model->scratch_bytes);
    eml_interpreter interpreter;
    if (arena == NULL || scratch == NULL)
        return EML_ARENA_TOO_SMALL;
    /* What lies in memory from another model must not matter. */
    memset(arena, 85, (size_t)model->arena_bytes);
    memset(scratch, 85, (size_t)model->scratch_bytes);
    error = eml_init(&interpreter, model, arena, model->arena_bytes, scratch, model->scratch_bytes);
    if (error != EML_OK)
        return error;
    result->self_test = eml_self_test(&interpreter);
    int32_t sample = copy_in(&interpreter, NULL);
    int32_t output = copy_out(&interpreter, NULL);
    int32_t samples = input_length / sample;
    result->outputs = platform_allocate(samples * output);
    if (result->outputs == NULL)
        return EML_ARENA_TOO_SMALL;
    for (int32_t i = 0; i < samples; i++) {
        if (!carries_state)
            eml_reset_state(&interpreter);
        copy_in(&interpreter, inputs + i * sample);
        run_sample(&interpreter, result);
        result->output_length += copy_out(&interpreter, result->outputs + result->output_length);
    }
    return EML_OK;
}

static void write_number(int32_t number)
{
    platform_write(&number, sizeof number);
}

static void write_result(eml_error error, const run_result *result)
{
    write_number(error);
    if (error != EML_OK)
        return;
    write_number(result->self_test);
    write_number(result->model.arena_bytes);
    write_number(result->model.scratch_bytes);
    write_number(result->layer_count);
    write_number((int32_t)result->total);
    platform_write(result->instructions, 4 * result->layer_count);
    write_number(result->output_length);
    platform_write(result->outputs, result->output_length);
}

bool run_batch(const char *from, const char *to)
{
    static run_result result;
    int32_t length;
    const uint8_t *at = platform_read(from, &length);
    if (at == NULL || length < 4 || !platform_create(to))
        return false;
    int32_t cases = eml_int32(at);
    at += 4;
    for (int32_t i = 0; i < cases; i++) {
        bool carries_state = eml_int32(at) != 0;
        int32_t model_length = eml_int32(at + 4);
        uint8_t *model = platform_allocate(model_length);
        if (model == NULL)
            return false;
        memcpy(model, at + 8, (size_t)model_length);
        at += 8 + model_length;
        int32_t input_length = eml_int32(at);
        eml_error error = run_model(model, model_length, at + 4, input_length, carries_state, &result);
        at += 4 + input_length;
        write_result(error, &result);
        platform_release();
    }
    return platform_close();
}
