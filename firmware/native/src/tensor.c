/* Inputs and outputs: the checks of their records. */
#include "element.h"
#include "model.h"

bool eml_strings_valid(const uint8_t *data, int32_t offset, int32_t count, int32_t end)
{
    if (offset == 0)
        return true;
    if (offset < EML_HEADER_SIZE)
        return false;
    for (int32_t i = 0; i < count; i++) {
        if (offset > end - 2)
            return false;
        int32_t size = 2 + eml_uint16(data + offset);
        if (size > 2 + EML_MAX_STRING_BYTES || offset > end - size)
            return false;
        offset += size;
    }
    return true;
}

/* Product of the dimensions of a shape; 0 where one is not positive or the product is over the limit. */
static int32_t element_count(const uint8_t *shape, int32_t rank)
{
    int64_t count = 1;
    for (int32_t i = 0; i < rank; i++) {
        int32_t dimension = eml_int32(shape + 4 * i);
        if (dimension < 1)
            return 0;
        count *= dimension;
        if (count > EML_MAX_BYTES)
            return 0;
    }
    return (int32_t)count;
}

static bool is_permutation(const uint8_t *axes, int32_t rank)
{
    int32_t seen = 0;
    for (int32_t i = 0; i < rank; i++) {
        if (axes[i] >= rank)
            return false;
        seen |= 1 << axes[i];
    }
    return seen == (1 << rank) - 1;
}

/* A positive scale that is a number. */
static bool is_scale(int32_t bits)
{
    return bits > 0 && bits < 0x7F800000;
}

/* Whether an input or output may have the edge; what no tensor may have is refused before. */
static bool edge_valid(int32_t edge, int32_t type, bool is_input)
{
    if (!is_input)
        return edge != EML_EDGE_FLOAT_CEILING;
    if (edge == EML_EDGE_FLOAT_CEILING)
        return type == EML_INT8;
    return edge == EML_EDGE_NONE || (edge == EML_EDGE_FLOAT && (type == EML_INT8 || type == EML_INT16 || type == EML_UINT8));
}

eml_error eml_tensor_validate(const uint8_t *data, const uint8_t *record, bool is_input)
{
    int32_t end = eml_int32(data + EML_HEADER_WEIGHTS);
    int32_t rank = record[EML_TENSOR_RANK];
    int32_t source_rank = record[EML_TENSOR_SOURCE_RANK];
    int32_t type = record[EML_TENSOR_TYPE];
    int32_t edge = record[EML_TENSOR_EDGE];
    int32_t count = eml_int32(record + EML_TENSOR_COUNT);
    int32_t arena = eml_int32(record + EML_TENSOR_ARENA);
    int32_t zero_point = eml_int32(record + EML_TENSOR_ZERO_POINT);
    int32_t labels = eml_int32(record + EML_TENSOR_LABELS);
    if (rank > EML_MAX_RANK || source_rank > EML_MAX_RANK || type > EML_FLOAT32 || edge > EML_EDGE_FLOAT_LOGISTIC
        || (edge != EML_EDGE_NONE && type == EML_INT64) || ((edge == EML_EDGE_FLOAT_SOFTMAX || edge == EML_EDGE_FLOAT_LOG_SOFTMAX) && rank == 0))
        return EML_BAD_TENSOR;
    if (count < 1 || arena < 0 || arena + ((int64_t)count << eml_size_shift(type)) > eml_int32(data + EML_HEADER_ARENA))
        return EML_BAD_TENSOR;
    if (element_count(record + EML_TENSOR_SHAPE, rank) != count || element_count(record + EML_TENSOR_SOURCE_SHAPE, source_rank) != count)
        return EML_BAD_TENSOR;
    if (zero_point < eml_type_min(type) || zero_point > eml_type_max(type) || !is_scale(eml_int32(record + EML_TENSOR_SCALE))
        || !is_permutation(record + EML_TENSOR_PERMUTATION, source_rank))
        return EML_BAD_TENSOR;
    if ((record[EML_TENSOR_LABEL_COUNT] > 0 && labels == 0) || !eml_strings_valid(data, eml_int32(record + EML_TENSOR_NAME), 1, end)
        || !eml_strings_valid(data, labels, record[EML_TENSOR_LABEL_COUNT], end))
        return EML_BAD_STRING;
    return edge_valid(edge, type, is_input) ? EML_OK : EML_BAD_TENSOR;
}

void eml_tensor_read(const uint8_t *record, eml_tensor *tensor)
{
    tensor->arena = eml_int32(record + EML_TENSOR_ARENA);
    tensor->count = eml_int32(record + EML_TENSOR_COUNT);
    tensor->type = record[EML_TENSOR_TYPE];
    tensor->bytes = tensor->count << eml_size_shift(tensor->type);
    memcpy(&tensor->scale, record + EML_TENSOR_SCALE, sizeof tensor->scale);
    tensor->zero_point = eml_int32(record + EML_TENSOR_ZERO_POINT);
}
