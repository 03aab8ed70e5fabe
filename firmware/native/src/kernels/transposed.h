/* The taps of transposed convolutions: output row oy sums over all taps ky and input rows iy with oy = iy * stride - pad + ky, and columns alike. */
#ifndef EML_TRANSPOSED_H
#define EML_TRANSPOSED_H

#include "window.h"

/* The products of one input pixel with one tap. */
typedef int64_t (*eml_pixel_products)(const int8_t *x, const int8_t *w, int32_t channels, int32_t zero_point);

/* The sum of products of one output; its row and column are counted from the padding's start. size is that of an element in bytes. */
int64_t eml_transposed_sum(const eml_window *w, const int8_t *image, const int8_t *filter, int32_t row, int32_t column, int32_t size, int32_t zero_point, eml_pixel_products products);

#endif
