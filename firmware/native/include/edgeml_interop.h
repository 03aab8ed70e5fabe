/*
 * Single layers for EdgeMl.Mcu.Runtime.Native: the managed runtime loads and checks the model, and hands its convolutions and fully connected layers over.
 */
#ifndef EDGEML_INTEROP_H
#define EDGEML_INTEROP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of the functions below. */
int32_t eml_interop_version(void);

/* Bytes of scratch that a layer needs, or -1 where there is no native kernel of its opcode. The managed runtime has checked the parameters. */
int32_t eml_interop_scratch(int32_t opcode, const int32_t *parameters);

/*
 * Runs a layer: 1, or 0 where there is no native kernel of its opcode or the scratch, which begins at a multiple of 4, is too short. Offsets are in bytes.
 */
int32_t eml_interop_run(int32_t opcode, const uint8_t *parameters, int32_t parameter_offset, const uint8_t *weights, int32_t weight_offset, int8_t *arena, uint8_t *scratch, int32_t scratch_bytes);

#ifdef __cplusplus
}
#endif

#endif
