/*
 * The instructions of the Armv7E-M DSP extension that the fast kernels use, and how int8 values lie in the scratch once they are widened for them.
 * EML_DSP is 1 where the processor has them.
 */
#ifndef EML_DSP_H
#define EML_DSP_H

#include "bytes.h"

#if defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP && defined(__thumb2__)
#define EML_DSP 1
#else
#define EML_DSP 0
#endif

/* An inner loop that keeps its registers to itself, and one that is compiled once for each use. */
#define EML_NOINLINE __attribute__((noinline)) static
#define EML_INLINE __attribute__((always_inline)) static inline

#if EML_DSP

#include <arm_acle.h>

/* Bytes 0 and 2, or 1 and 3, sign-extended. The rotation is part of the instruction, which the intrinsic of arm_acle.h does not make use of. */
static inline int32_t eml_sxtb16(int32_t word)
{
    return (int32_t)__sxtb16((uint32_t)word);
}

static inline int32_t eml_sxtb16_odd(int32_t word)
{
    int32_t result;
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(result) : "r"(word));
    return result;
}

/* Product of the lower halves, and of the upper half of a with the lower one of b. */
static inline int32_t eml_smlabb(int32_t a, int32_t b, int32_t sum)
{
    int32_t result;
    __asm__("smlabb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

static inline int32_t eml_smlatb(int32_t a, int32_t b, int32_t sum)
{
    int32_t result;
    __asm__("smlatb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

/* High half of the product, rounded to nearest. */
static inline int32_t eml_smmulr(int32_t a, int32_t b)
{
    int32_t result;
    __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
    return result;
}

static inline int32_t eml_saturate8(int32_t value)
{
    return __ssat(value, 8);
}

#else

static inline int32_t eml_smmulr(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32);
}

static inline int32_t eml_saturate8(int32_t value)
{
    if (value < -128)
        return -128;
    return value > 127 ? 127 : value;
}

#endif

/* Four int8 values as four int16: values 0, 2, 1, 3 with the DSP extension, in their own order without. */
static inline void eml_widen4(int16_t *to, const int8_t *from)
{
#if EML_DSP
    int32_t word = eml_int32(from);
    ((int32_t *)to)[0] = eml_sxtb16(word);
    ((int32_t *)to)[1] = eml_sxtb16_odd(word);
#else
    for (int32_t i = 0; i < 4; i++)
        to[i] = from[i];
#endif
}

#endif
