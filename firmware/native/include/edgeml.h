/*
 * Runs device models (.emlm, see docs/emlm.md) from C. The caller gives all memory; nothing is allocated. Little-endian machines only.
 * Outputs have the same bits as those of EdgeMl.Mcu.Runtime, and a bad file gives the same error number.
 */
#ifndef EDGEML_H
#define EDGEML_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a model does not load or run. The numbers are those of EdgeMl.Mcu.Runtime.Error. */
typedef enum eml_error {
    EML_OK = 0,
    EML_TRUNCATED = 1,
    EML_NOT_A_MODEL = 2,
    EML_FORMAT_VERSION = 3,
    EML_RUNTIME_TOO_OLD = 4,
    EML_TRAILING_DATA = 5,
    EML_CHECKSUM = 6,
    EML_BAD_HEADER = 7,
    EML_BAD_TENSOR = 8,
    EML_UNKNOWN_KERNEL = 9,
    EML_BAD_LAYER = 10,
    EML_BAD_STRING = 11,
    EML_BAD_SELF_TEST = 12,
    EML_ARENA_TOO_SMALL = 13,
    EML_SELF_TEST_FAILED = 14,
    EML_NO_SUCH_TENSOR = 15,
    EML_NO_SELF_TEST = 17
} eml_error;

/* What computes one kind of layer. */
typedef struct eml_kernel eml_kernel;

typedef struct eml_kernel_entry {
    uint16_t opcode;
    const eml_kernel *kernel;
} eml_kernel_entry;

/* The kernels that a model may use. Those of sets that a program does not name are left out by a linker that drops unused sections. */
typedef struct eml_kernel_set {
    const eml_kernel_entry *entries;
    int32_t count;
} eml_kernel_set;

/* Every kernel of the runtime. */
extern const eml_kernel_set eml_kernels_all;

/* Convolutional and fully connected int8 networks: convolution, depthwise, fully connected, pools, mean, addition, lookup, softmax, copies. */
extern const eml_kernel_set eml_kernels_network;

/* A loaded model: a view on the bytes of its file, which must not change while the model is in use. */
typedef struct eml_model {
    const uint8_t *data;
    const eml_kernel_set *kernels;
    int32_t arena_bytes;   /* activations, recurrent state included */
    int32_t scratch_bytes; /* what kernels need beside them */
    int32_t layer_count;
    int32_t input_count;
    int32_t output_count;
} eml_model;

/* An input or output. Real value = scale * (value - zero_point); elements lie in the arena, the last axis fastest. */
typedef struct eml_tensor {
    int32_t arena; /* offset in the arena */
    int32_t count; /* elements */
    int32_t bytes;
    int32_t type; /* TensorType of docs/emlm.md */
    float scale;
    int32_t zero_point;
} eml_tensor;

/* Checks all of a file. The model is valid only where the result is EML_OK. The data may begin at any address; kernels are fastest at a multiple of 4. */
eml_error eml_model_load(eml_model *model, const void *data, int32_t length, const eml_kernel_set *kernels);

/* The input or output of an index; EML_NO_SUCH_TENSOR where there is none. */
eml_error eml_model_input(const eml_model *model, int32_t index, eml_tensor *tensor);
eml_error eml_model_output(const eml_model *model, int32_t index, eml_tensor *tensor);

/* Runs a model. Set every input in the arena before each inference; read outputs before the next one. */
typedef struct eml_interpreter {
    const eml_model *model;
    int8_t *arena;
    void *scratch;
    const uint8_t *record;
    int32_t layer;
} eml_interpreter;

/*
 * Prepares an interpreter and resets the state of recurrent layers. The scratch begins at a multiple of 8, the arena anywhere; what the scratch holds does
 * not outlive a layer. EML_ARENA_TOO_SMALL where the model needs more of either.
 */
eml_error eml_init(eml_interpreter *interpreter, const eml_model *model, int8_t *arena, int32_t arena_bytes, void *scratch, int32_t scratch_bytes);

/* Runs all layers. */
void eml_invoke(eml_interpreter *interpreter);

/* Makes the next eml_step run the first layer. */
void eml_restart(eml_interpreter *interpreter);

/* Runs the next layer; false where none is left. */
bool eml_step(eml_interpreter *interpreter);

/* Lets recurrent layers forget what they have seen. */
void eml_reset_state(eml_interpreter *interpreter);

/* Runs the file's self-test: EML_OK, EML_SELF_TEST_FAILED or EML_NO_SELF_TEST. Overwrites the arena and resets the state. */
eml_error eml_self_test(eml_interpreter *interpreter);

#ifdef __cplusplus
}
#endif

#endif
