/*
 * Runs models from files.
 *
 *   edgeml-run MODEL INPUT [OUTPUT]   runs all samples of INPUT, one after another, prints the instructions of each layer and writes the outputs
 *   edgeml-run --batch IN OUT         runs many cases; see batch.h
 *   edgeml-run --calibrate COUNT      prints the instructions counted for a loop of 2 * COUNT ones
 */
#include <string.h>

#include "batch.h"
#include "platform.h"
#include "text.h"

static int fail(const char *what, int32_t error)
{
    platform_print("edgeml-run: ");
    platform_print(what);
    if (error != 0)
        print_number(" ", (uint32_t)error, 0);
    platform_print("\n");
    return 1;
}

static int32_t total_bytes(const eml_model *model, eml_error (*tensor_of)(const eml_model *, int32_t, eml_tensor *))
{
    int32_t total = 0;
    eml_tensor tensor;
    for (int32_t i = 0; tensor_of(model, i, &tensor) == EML_OK; i++)
        total += tensor.bytes;
    return total;
}

static void print_layers(const run_result *result)
{
    platform_print("layer opcode instructions\n");
    for (int32_t i = 0; i < result->layer_count; i++) {
        print_number("", (uint32_t)i, 5);
        print_number(" ", (uint32_t)result->opcodes[i], 6);
        print_number(" ", result->instructions[i], 12);
        platform_print("\n");
    }
}

static int run_file(const char *model_path, const char *input_path, const char *output_path)
{
    int32_t length, input_length;
    const uint8_t *data = platform_read(model_path, &length);
    const uint8_t *input = platform_read(input_path, &input_length);
    if (data == NULL || input == NULL)
        return fail("cannot read the model or the input", 0);
    run_result result;
    eml_error error = run_model(data, length, input, input_length, false, &result);
    if (error != EML_OK)
        return fail("error", error);
    int32_t sample = total_bytes(&result.model, eml_model_input);
    if (input_length % sample != 0)
        return fail("the input is not a whole number of samples of bytes:", sample);
    print_layers(&result);
    print_number("instructions ", result.total, 0);
    print_number("\narena ", (uint32_t)result.model.arena_bytes, 0);
    print_number("\nscratch ", (uint32_t)result.model.scratch_bytes, 0);
    platform_print("\n");
    if (output_path == NULL)
        return 0;
    if (!platform_create(output_path))
        return fail("cannot write the output", 0);
    platform_write(result.outputs, result.output_length);
    return platform_close() ? 0 : fail("cannot write the output", 0);
}

static int calibrate(const char *text)
{
    uint32_t count = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        count = 10 * count + (uint32_t)(*text - '0');
    uint32_t before = platform_instructions();
    platform_loop(count);
    print_number("", platform_instructions() - before, 0);
    platform_print("\n");
    return 0;
}

int main(int argc, char **argv)
{
    int result = 2;
    if (argc == 4 && strcmp(argv[1], "--batch") == 0)
        result = run_batch(argv[2], argv[3]) ? 0 : fail("the batch cannot be read or written", 0);
    else if (argc == 3 && strcmp(argv[1], "--calibrate") == 0)
        result = calibrate(argv[2]);
    else if (argc == 3 || argc == 4)
        result = run_file(argv[1], argv[2], argc == 4 ? argv[3] : NULL);
    else
        fail("give MODEL INPUT [OUTPUT], --batch IN OUT or --calibrate COUNT", 0);
    platform_release();
    return result;
}
