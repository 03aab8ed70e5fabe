/*
 * Runs of models. A batch file holds int32 numbers and bytes: the number of cases, and for each one whether state carries over from sample to sample (1 or 0), bytes of the
 * model, the model, bytes of the inputs, the inputs of all samples. What is written holds for each case the error; and where it is 0, the result of the self-test, bytes of arena
 * and scratch, the number of layers, instructions of all samples together, those of each layer for the last sample, bytes of the outputs, the outputs of all samples.
 */
#ifndef EML_BATCH_H
#define EML_BATCH_H

#include "edgeml.h"

enum { LAYERS_MAX = 256 };

typedef struct run_result {
    eml_model model;
    eml_error self_test;
    int32_t layer_count; /* at most LAYERS_MAX of the model's */
    int32_t opcodes[LAYERS_MAX];
    uint32_t instructions[LAYERS_MAX];
    uint32_t total;
    int8_t *outputs;
    int32_t output_length;
} run_result;

/* Runs a model on all samples of its inputs. EML_ARENA_TOO_SMALL where there is not enough memory. */
eml_error run_model(const uint8_t *data, int32_t length, const uint8_t *inputs, int32_t input_length, bool carries_state, run_result *result);

/* Runs a batch file. */
bool run_batch(const char *from, const char *to);

#endif
