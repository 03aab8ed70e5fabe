/* Layers of the managed TableAdd on the plain addition. */
#include "binary.h"
#include "kernels.h"
#include "packed.h"

enum { LEFT_SHIFT = 20, LANE_COUNT = 512 };

typedef struct parameters {
    eml_binary binary;
    int32_t table_first;
    int32_t table_entries;
} parameters;

/* What an input value contributes, in units of 2^-43 of the output's scale. */
static int64_t contribution(int32_t value, eml_factor input, eml_factor output)
{
    int64_t scaled = eml_multiply(value * (1 << LEFT_SHIFT), input.multiplier, input.shift);
    return (scaled * output.multiplier) >> (-EML_TABLE_RIGHT_SHIFT_MAX - output.shift);
}

/* The output for an input value of both inputs, without the zero point. */
static int64_t output_of(const eml_binary *p, int32_t value)
{
    int64_t rounding = ((int64_t)1 << (EML_TABLE_SHIFT - 1)) + ((int64_t)1 << (EML_TABLE_SHIFT - 1 + p->factors[2].shift)) + 1;
    int64_t sum = contribution(value - p->zero_point1, p->factors[0], p->factors[2]) + contribution(value - p->zero_point2, p->factors[1], p->factors[2]);
    return (sum + rounding) >> EML_TABLE_SHIFT;
}

static void validate(eml_layer *layer)
{
    eml_binary_validate(layer, 3);
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    const eml_binary *b = &p.binary;
    eml_range(layer, b->factors[0].shift, -31, 0);
    eml_range(layer, b->factors[1].shift, -31, 0);
    eml_range(layer, b->factors[2].shift, -31, -EML_TABLE_RIGHT_SHIFT_MAX);
    eml_check(layer, b->strides1[3] == 1 && b->strides2[3] == 1);
    eml_range(layer, p.table_first, -EML_TABLE_ENTRIES_MAX, EML_TABLE_ENTRIES_MAX);
    eml_range(layer, p.table_entries, 1, EML_TABLE_ENTRIES_MAX);
    eml_lanes(layer, LANE_COUNT);
    eml_strip(layer, p.table_entries);
    eml_check(layer, eml_fits_strip(layer));
    if (!layer->failed)
        eml_check(layer, output_of(b, -128) >= p.table_first && output_of(b, 127) < p.table_first + p.table_entries);
}

const eml_kernel eml_table_add = {EML_PARAMETERS(parameters), validate, eml_add_run, NULL};
