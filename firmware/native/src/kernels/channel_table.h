/*
 * What follows the weights of a linear layer with N output channels, at a multiple of 4: bias [N] int32, multiplier [N] int32 (Q0.31, not negative), shift [N] int8
 * (positive shifts left).
 */
#ifndef EML_CHANNEL_TABLE_H
#define EML_CHANNEL_TABLE_H

#include "arithmetic/fixed_point.h"
#include "kernel.h"

/* Checks the length of weights and table, and every multiplier and shift. */
void eml_channel_table_validate(eml_layer *layer, int32_t weight_count, int32_t channels);

/* The int8 output of a channel for a sum of products, without the activation range. */
static inline int8_t eml_channel_output(const uint8_t *table, int32_t channels, int32_t channel, int32_t sum, int32_t zero_point)
{
    int32_t multiplier = eml_int32(table + 4 * (channels + channel));
    int32_t shift = (int8_t)table[8 * channels + channel];
    return (int8_t)eml_saturate8(eml_add(eml_requantize(sum, multiplier, shift), zero_point));
}

/* Holds outputs within an activation range. */
void eml_clamp_outputs(int8_t *y, int32_t count, int32_t low, int32_t high);

#endif
