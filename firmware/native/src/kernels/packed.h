/*
 * Limits of the managed kernels that compute with packed 64-bit words. Here their layers run on the plain kernels, whose parameters and weights they begin with; what they
 * have more is only checked.
 */
#ifndef EML_PACKED_H
#define EML_PACKED_H

#include "kernel.h"

enum {
    EML_LANE_BITS = 21,
    EML_LANES = 3,
    EML_ACTIVATION_BOUND = 128,
    EML_RIGHT_SHIFT_MAX = 20,
    EML_TABLE_SHIFT = 43,
    EML_TABLE_ENTRIES_MAX = 1 << 15,
    EML_TABLE_RIGHT_SHIFT_MAX = EML_TABLE_SHIFT - 31
};

/* Where windows are read. */
enum { EML_FROM_ARENA = 0, EML_FROM_ROWS = 1, EML_FROM_WINDOWS = 2 };

static inline void eml_lanes(eml_layer *layer, int64_t count)
{
    eml_check(layer, count <= layer->lanes);
}

static inline void eml_strip(eml_layer *layer, int64_t count)
{
    eml_check(layer, count <= layer->strip_bytes);
}

/* Whether the strip begins so early that offsets of a table in it do not overflow. */
static inline bool eml_fits_strip(const eml_layer *layer)
{
    return layer->arena_bytes + (int64_t)2 * EML_TABLE_ENTRIES_MAX < (int64_t)1 << (62 - EML_TABLE_SHIFT);
}

#endif
