#include "edgeml_interop.h"

#include "kernels/convolution.h"
#include "kernels/depthwise_conv2d.h"
#include "kernels/fully_connected.h"
#include "kernels/kernels.h"

enum {
    FULLY_CONNECTED = 1,
    CONV2D = 2,
    DEPTHWISE_CONV2D = 3,
    PACKED_CONV2D = 30,
    PACKED_POSITIONS = 31,
    SLIDING_DEPTHWISE_CONV2D = 32,
    BYTE_ROW_FULLY_CONNECTED = 33,
    LINE_DEPTHWISE_CONV2D = 36,
    FULLY_CONNECTED_INT4 = 60,
    CONV2D_INT4 = 61,
    PACKED_CONV2D_INT4 = 62
};

/* What the kernels have in common, and how weights lie. */
typedef enum family { NONE, CONVOLUTION, DEPTHWISE, DENSE } family;

static family family_of(int32_t opcode, eml_weight_format *format)
{
    *format = EML_WEIGHTS_INT8;
    switch (opcode) {
    case CONV2D_INT4:
    case PACKED_CONV2D_INT4:
        *format = EML_WEIGHTS_INT4;
        return CONVOLUTION;
    case CONV2D:
    case PACKED_CONV2D:
    case PACKED_POSITIONS:
        return CONVOLUTION;
    case DEPTHWISE_CONV2D:
    case SLIDING_DEPTHWISE_CONV2D:
    case LINE_DEPTHWISE_CONV2D:
        return DEPTHWISE;
    case FULLY_CONNECTED_INT4:
        *format = EML_WEIGHTS_INT4;
        return DENSE;
    case BYTE_ROW_FULLY_CONNECTED:
        *format = EML_WEIGHTS_OFFSET;
        return DENSE;
    case FULLY_CONNECTED:
        return DENSE;
    default:
        return NONE;
    }
}

int32_t eml_interop_version(void)
{
    return 1;
}

static int32_t scratch_of(int32_t opcode, const void *parameters)
{
    eml_weight_format format;
    union {
        eml_convolution convolution;
        eml_depthwise depthwise;
        eml_dense dense;
    } p;
    switch (family_of(opcode, &format)) {
    case CONVOLUTION:
        memcpy(&p, parameters, sizeof p.convolution);
        return eml_convolution_scratch(&p.convolution, format);
    case DEPTHWISE:
        memcpy(&p, parameters, sizeof p.depthwise);
        return eml_depthwise_scratch(&p.depthwise);
    case DENSE:
        memcpy(&p, parameters, sizeof p.dense);
        return eml_dense_scratch(&p.dense, format);
    default:
        return -1;
    }
}

int32_t eml_interop_scratch(int32_t opcode, const int32_t *parameters)
{
    return scratch_of(opcode, parameters);
}

int32_t eml_interop_run(int32_t opcode, const uint8_t *parameters, int32_t parameter_offset, const uint8_t *weights, int32_t weight_offset, int8_t *arena, uint8_t *scratch,
    int32_t scratch_bytes)
{
    eml_weight_format format;
    eml_frame frame = {parameters + parameter_offset, weights + weight_offset, arena, scratch};
    int32_t needed = scratch_of(opcode, frame.parameters);
    if (needed < 0 || needed > scratch_bytes)
        return 0;
    switch (family_of(opcode, &format)) {
    case CONVOLUTION:
        eml_convolution_run(&frame, format);
        return 1;
    case DEPTHWISE:
        eml_depthwise_conv2d_run(&frame);
        return 1;
    default:
        eml_dense_run(&frame, format);
        return 1;
    }
}
