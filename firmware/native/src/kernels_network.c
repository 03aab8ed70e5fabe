/* The kernels of convolutional and fully connected int8 networks. */
#include "kernels/kernels.h"

static const eml_kernel_entry entries[] = {
    {1, &eml_fully_connected},
    {2, &eml_conv2d},
    {3, &eml_depthwise_conv2d},
    {4, &eml_average_pool2d},
    {5, &eml_max_pool2d},
    {6, &eml_mean},
    {7, &eml_add_int8},
    {8, &eml_lookup},
    {9, &eml_softmax},
    {11, &eml_strided_copy},
    {12, &eml_fill},
    {13, &eml_load_constant},
    {30, &eml_packed_conv2d},
    {31, &eml_packed_positions},
    {32, &eml_sliding_depthwise_conv2d},
    {33, &eml_byte_row_fully_connected},
    {34, &eml_packed_row_fully_connected},
    {35, &eml_table_add},
    {36, &eml_line_depthwise_conv2d},
};

const eml_kernel_set eml_kernels_network = {entries, sizeof entries / sizeof entries[0]};
