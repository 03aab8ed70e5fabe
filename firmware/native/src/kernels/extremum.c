/* The greater or the lesser of two int8 inputs; raw values are compared. */
#include "binary.h"
#include "kernels.h"

static int32_t greater(const eml_binary *p, int32_t x1, int32_t x2)
{
    (void)p;
    return x1 > x2 ? x1 : x2;
}

static int32_t lesser(const eml_binary *p, int32_t x1, int32_t x2)
{
    (void)p;
    return x1 < x2 ? x1 : x2;
}

static void run_maximum(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_RAW, greater);
}

static void run_minimum(const eml_frame *frame)
{
    eml_binary_run(frame, EML_BINARY_RAW, lesser);
}

const eml_kernel eml_maximum = {EML_BINARY_RAW, eml_binary_validate_raw, run_maximum, NULL};
const eml_kernel eml_minimum = {EML_BINARY_RAW, eml_binary_validate_raw, run_minimum, NULL};
