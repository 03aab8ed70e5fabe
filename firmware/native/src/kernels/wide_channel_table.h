/*
 * What follows the int8 weights of a linear layer with int16 activations and N output channels, at a multiple of 4: bias [N] int64, multiplier [N] int32, shift [N] int8.
 * In a wide layer the accumulator has 64 bits and the multiplier is Q0.15, in others 32 bits and Q0.31.
 */
#ifndef EML_WIDE_CHANNEL_TABLE_H
#define EML_WIDE_CHANNEL_TABLE_H

#include "kernel.h"

/* Greatest shift of 64-bit accumulators, so that there is a bit to round at. */
enum { EML_WIDE_SHIFT_MAX = 14 };

void eml_wide_channel_table_validate(eml_layer *layer, int32_t weight_count, int32_t channels, bool wide);

/* The int16 output of a channel for a sum of products, held within an activation range. */
int32_t eml_wide_channel_output(const uint8_t *table, int32_t channels, int32_t channel, int64_t sum, bool wide, int32_t low, int32_t high);

#endif
