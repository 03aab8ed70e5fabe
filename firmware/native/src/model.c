/* Loads models: the checks of header, checksum, tensors, layers and self-test, in the order of EdgeMl.Mcu.Runtime. */
#include "model.h"

#include "crc32.h"

static eml_error validate_header(const uint8_t *data, int32_t length)
{
    if (data == NULL || length < EML_HEADER_SIZE + 4)
        return data != NULL && length >= 4 && eml_int32(data + EML_HEADER_MAGIC) != EML_MAGIC ? EML_NOT_A_MODEL : EML_TRUNCATED;
    if (eml_int32(data + EML_HEADER_MAGIC) != EML_MAGIC)
        return EML_NOT_A_MODEL;
    if (eml_uint16(data + EML_HEADER_VERSION) != EML_VERSION)
        return EML_FORMAT_VERSION;
    int32_t stated = eml_int32(data + EML_HEADER_LENGTH);
    if (stated != length)
        return stated > length ? EML_TRUNCATED : EML_TRAILING_DATA;
    return eml_crc32(data, length - 4) == (uint32_t)eml_int32(data + length - 4) ? EML_OK : EML_CHECKSUM;
}

static bool in_bytes(int32_t value, int32_t least)
{
    return value >= least && value <= EML_MAX_BYTES;
}

static eml_error validate_layout(const uint8_t *data)
{
    if (eml_uint16(data + EML_HEADER_ABI) > EML_RUNTIME_ABI)
        return EML_RUNTIME_TOO_OLD;
    int32_t lanes = eml_int32(data + EML_HEADER_LANES);
    int32_t inputs = data[EML_HEADER_INPUT_COUNT];
    int32_t outputs = data[EML_HEADER_OUTPUT_COUNT];
    if (!in_bytes(eml_int32(data + EML_HEADER_ARENA), 1) || !in_bytes(lanes, 0) || (lanes & 7) != 0 || !in_bytes(eml_int32(data + EML_HEADER_STRIP), 0))
        return EML_BAD_HEADER;
    if (inputs < 1 || inputs > EML_MAX_PORTS || outputs < 1 || outputs > EML_MAX_PORTS)
        return EML_BAD_HEADER;
    int32_t end = eml_int32(data + EML_HEADER_LENGTH) - 4;
    int32_t records = EML_HEADER_SIZE + (inputs + outputs) * EML_TENSOR_SIZE;
    int32_t layers = eml_int32(data + EML_HEADER_LAYERS);
    int32_t weights = eml_int32(data + EML_HEADER_WEIGHTS);
    int32_t weights_length = eml_int32(data + EML_HEADER_WEIGHTS_LENGTH);
    if (records > end || layers < records || layers > end || weights < layers || weights_length < 0 || weights > end - weights_length)
        return EML_BAD_HEADER;
    return EML_OK;
}

static eml_error validate_tensors(const eml_model *model)
{
    const uint8_t *record = model->data + EML_HEADER_SIZE;
    for (int32_t i = 0; i < model->input_count + model->output_count; i++, record += EML_TENSOR_SIZE) {
        eml_error error = eml_tensor_validate(model->data, record, i < model->input_count);
        if (error != EML_OK)
            return error;
    }
    return EML_OK;
}

/* Checks the layer whose record begins at an offset and gives the offset behind it. */
static eml_error validate_layer(const eml_model *model, eml_layer *layer, int32_t *offset)
{
    int32_t end = eml_header(model, EML_HEADER_WEIGHTS);
    if (*offset > end - EML_LAYER_SIZE)
        return EML_BAD_LAYER;
    const uint8_t *record = model->data + *offset;
    const eml_kernel *kernel = eml_find_kernel(model->kernels, eml_uint16(record + EML_LAYER_OPCODE));
    if (kernel == NULL)
        return EML_UNKNOWN_KERNEL;
    int32_t parameters = eml_uint16(record + EML_LAYER_PARAMETER_COUNT);
    int32_t weights = eml_int32(record + EML_LAYER_WEIGHTS);
    int32_t length = eml_int32(record + EML_LAYER_WEIGHTS_LENGTH);
    *offset += EML_LAYER_SIZE + 4 * parameters;
    if (*offset > end || parameters != kernel->parameter_count || weights < 0 || length < 0
        || (int64_t)weights + length > eml_header(model, EML_HEADER_WEIGHTS_LENGTH))
        return EML_BAD_LAYER;
    layer->parameters = record + EML_LAYER_SIZE;
    layer->weights = model->data + end + weights;
    layer->weights_length = length;
    kernel->validate(layer);
    return layer->failed ? EML_BAD_LAYER : EML_OK;
}

static eml_error validate_layers(eml_model *model)
{
    int32_t end = eml_header(model, EML_HEADER_WEIGHTS);
    int32_t names = eml_header(model, EML_HEADER_LAYER_NAMES);
    if (!eml_strings_valid(model->data, eml_header(model, EML_HEADER_NAME), 1, end))
        return EML_BAD_STRING;
    if (names != 0 && (names < EML_HEADER_SIZE || names > end - 4 * model->layer_count))
        return EML_BAD_STRING;
    eml_layer layer;
    memset(&layer, 0, sizeof layer);
    layer.arena_bytes = model->arena_bytes;
    layer.lanes = eml_header(model, EML_HEADER_LANES) >> 3;
    layer.strip_bytes = eml_header(model, EML_HEADER_STRIP);
    int32_t offset = eml_header(model, EML_HEADER_LAYERS);
    for (int32_t i = 0; i < model->layer_count; i++) {
        eml_error error = validate_layer(model, &layer, &offset);
        if (error != EML_OK)
            return error;
        if (names != 0 && !eml_strings_valid(model->data, eml_int32(model->data + names + 4 * i), 1, end))
            return EML_BAD_STRING;
    }
    model->scratch_bytes = layer.scratch_bytes;
    return EML_OK;
}

static eml_error validate_self_test(const eml_model *model)
{
    int32_t offset = eml_header(model, EML_HEADER_SELF_TEST);
    if (offset == 0)
        return EML_OK;
    int64_t bytes = EML_SELF_TEST_OUTPUTS;
    for (int32_t i = 0; i < model->output_count; i++) {
        eml_tensor output;
        eml_model_output(model, i, &output);
        bytes += output.bytes;
    }
    bool valid = offset >= EML_HEADER_SIZE && offset + bytes <= eml_header(model, EML_HEADER_WEIGHTS) && eml_int32(model->data + offset) != 0;
    return valid ? EML_OK : EML_BAD_SELF_TEST;
}

const eml_kernel *eml_find_kernel(const eml_kernel_set *kernels, int32_t opcode)
{
    for (int32_t i = 0; i < kernels->count; i++) {
        if (kernels->entries[i].opcode == opcode)
            return kernels->entries[i].kernel;
    }
    return NULL;
}

eml_error eml_model_load(eml_model *model, const void *data, int32_t length, const eml_kernel_set *kernels)
{
    eml_error error = validate_header(data, length);
    if (error == EML_OK)
        error = validate_layout(data);
    if (error != EML_OK)
        return error;
    model->data = data;
    model->kernels = kernels;
    model->arena_bytes = eml_header(model, EML_HEADER_ARENA);
    model->layer_count = eml_uint16(model->data + EML_HEADER_LAYER_COUNT);
    model->input_count = model->data[EML_HEADER_INPUT_COUNT];
    model->output_count = model->data[EML_HEADER_OUTPUT_COUNT];
    error = validate_tensors(model);
    if (error == EML_OK)
        error = validate_layers(model);
    return error == EML_OK ? validate_self_test(model) : error;
}

static eml_error read_tensor(const eml_model *model, int32_t index, int32_t first, int32_t count, eml_tensor *tensor)
{
    if (index < 0 || index >= count)
        return EML_NO_SUCH_TENSOR;
    eml_tensor_read(model->data + EML_HEADER_SIZE + (first + index) * EML_TENSOR_SIZE, tensor);
    return EML_OK;
}

eml_error eml_model_input(const eml_model *model, int32_t index, eml_tensor *tensor)
{
    return read_tensor(model, index, 0, model->input_count, tensor);
}

eml_error eml_model_output(const eml_model *model, int32_t index, eml_tensor *tensor)
{
    return read_tensor(model, index, model->input_count, model->output_count, tensor);
}
