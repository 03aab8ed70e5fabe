/* The parameters that every kernel with a window over an NHWC tensor begins with. Padding is what lies before the first row and column. */
#ifndef EML_WINDOW_H
#define EML_WINDOW_H

#include "kernel.h"

/* Bound of sizes, strides, dilations and padding: sums of products of two of them stay far below 2^31. */
enum { EML_MAX_EXTENT = 1 << 15 };

typedef struct eml_window {
    int32_t input;
    int32_t output;
    int32_t batches;
    int32_t input_height;
    int32_t input_width;
    int32_t input_channels;
    int32_t output_height;
    int32_t output_width;
    int32_t output_channels;
    int32_t kernel_height;
    int32_t kernel_width;
    int32_t stride_height;
    int32_t stride_width;
    int32_t dilation_height;
    int32_t dilation_width;
    int32_t pad_top;
    int32_t pad_left;
    int32_t low;
    int32_t high;
} eml_window;

/* The window of a layer of int8 elements, checked. Any that passes can be run: taps outside the input are skipped. */
void eml_window_validate(eml_layer *layer, eml_window *window);

/* The same for elements of two bytes. */
void eml_window16_validate(eml_layer *layer, eml_window *window);

/* Taps of one axis that lie in the input. */
typedef struct eml_taps {
    int32_t first;
    int32_t end; /* one past the last; at most first where there are none */
} eml_taps;

/* The taps of a window whose first tap lies at origin. */
eml_taps eml_taps_inside(int32_t origin, int32_t dilation, int32_t taps, int32_t size);

#endif
