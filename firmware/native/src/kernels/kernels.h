/* All kernels, and what some lend to others. */
#ifndef EML_KERNELS_H
#define EML_KERNELS_H

#include "kernel.h"

void eml_conv2d_run(const eml_frame *frame);
void eml_conv2d_int4_run(const eml_frame *frame);
void eml_depthwise_conv2d_run(const eml_frame *frame);
void eml_fully_connected_run(const eml_frame *frame);
void eml_add_run(const eml_frame *frame);

extern const eml_kernel eml_fully_connected;
extern const eml_kernel eml_conv2d;
extern const eml_kernel eml_depthwise_conv2d;
extern const eml_kernel eml_average_pool2d;
extern const eml_kernel eml_max_pool2d;
extern const eml_kernel eml_mean;
extern const eml_kernel eml_add_int8;
extern const eml_kernel eml_lookup;
extern const eml_kernel eml_softmax;
extern const eml_kernel eml_log_softmax;
extern const eml_kernel eml_strided_copy;
extern const eml_kernel eml_fill;
extern const eml_kernel eml_load_constant;
extern const eml_kernel eml_indexed_copy;
extern const eml_kernel eml_reduce_max;
extern const eml_kernel eml_reduce_min;
extern const eml_kernel eml_resize_bilinear;
extern const eml_kernel eml_transpose_conv2d;
extern const eml_kernel eml_packed_conv2d;
extern const eml_kernel eml_packed_positions;
extern const eml_kernel eml_sliding_depthwise_conv2d;
extern const eml_kernel eml_byte_row_fully_connected;
extern const eml_kernel eml_packed_row_fully_connected;
extern const eml_kernel eml_table_add;
extern const eml_kernel eml_line_depthwise_conv2d;
extern const eml_kernel eml_sub_int8;
extern const eml_kernel eml_mul_int8;
extern const eml_kernel eml_div_int8;
extern const eml_kernel eml_maximum;
extern const eml_kernel eml_minimum;
extern const eml_kernel eml_squared_difference;
extern const eml_kernel eml_prelu;
extern const eml_kernel eml_add_n;
extern const eml_kernel eml_cum_sum;
extern const eml_kernel eml_l2_normalization;
extern const eml_kernel eml_batch_matmul;
extern const eml_kernel eml_fully_connected_int4;
extern const eml_kernel eml_conv2d_int4;
extern const eml_kernel eml_packed_conv2d_int4;
extern const eml_kernel eml_requantize_layer;
extern const eml_kernel eml_cast;
extern const eml_kernel eml_arg_reduce;
extern const eml_kernel eml_compare;
extern const eml_kernel eml_select;
extern const eml_kernel eml_gather_elements;
extern const eml_kernel eml_conv2d_int16;
extern const eml_kernel eml_pool2d_int16;
extern const eml_kernel eml_binary_int16;
extern const eml_kernel eml_slopes_int16;
extern const eml_kernel eml_sigmoid_int16;
extern const eml_kernel eml_softmax_int16;
extern const eml_kernel eml_softmax_to_int16;
extern const eml_kernel eml_mean_int16;
extern const eml_kernel eml_batch_matmul_int16;
extern const eml_kernel eml_transpose_conv2d_int16;
extern const eml_kernel eml_svdf;
extern const eml_kernel eml_lstm;
extern const eml_kernel eml_tree_ensemble;

#endif
