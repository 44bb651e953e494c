#ifndef CTORCH_H
#define CTORCH_H

// A C surface over libtorch: handles, one call by operator name, autograd, threads.
//
// The functions are in libvernier-torch.so (Sources/Shims/TorchLibrary), which is loaded when the
// first of them is called: a program that needs no tensor runs without libtorch.
//
// Every function that can fail returns NULL on success and otherwise a text that the caller gives
// back to ctorch_text_free. No C++ exception leaves the library.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctorch_tensor ctorch_tensor;
typedef struct ctorch_generator ctorch_generator;

void ctorch_text_free(char *text);

// Runtime.
char *ctorch_check_version(void);
// Call once, before any tensor is made.
char *ctorch_use_large_pages(void);
// How many bytes of freed tensors may wait for the next ones: training frees what it needs again.
char *ctorch_keep_memory(size_t bytes);
// Loads libtorch's CUDA part if it is installed beside the CPU part; how many devices there are.
char *ctorch_load_cuda(int32_t *count);
// Only kernels that give the same result every time; libtorch throws where it has none.
char *ctorch_set_deterministic(bool enabled);
char *ctorch_set_threads(int32_t count);
char *ctorch_get_threads(int32_t *count);

// Memory. Element types carry libtorch's own numbers (c10::ScalarType).
char *ctorch_tensor_from_bytes(
    const void *bytes, size_t byte_count, const int64_t *shape, size_t rank, int8_t type,
    ctorch_tensor **result);
// Memory that the caller fills: `byte_count` bytes, row-major.
char *ctorch_tensor_empty(
    const int64_t *shape, size_t rank, int8_t type, ctorch_tensor **result, void **memory,
    size_t *byte_count);
char *ctorch_tensor_to_bytes(const ctorch_tensor *tensor, void *bytes, size_t byte_count);
char *ctorch_tensor_rank(const ctorch_tensor *tensor, size_t *rank, int8_t *type);
// The number of the device as in CTORCH_DEVICE.
char *ctorch_tensor_device(const ctorch_tensor *tensor, int64_t *number);
char *ctorch_tensor_shape(const ctorch_tensor *tensor, int64_t *shape, size_t rank);
// Another handle of the same tensor.
char *ctorch_tensor_share(const ctorch_tensor *tensor, ctorch_tensor **result);
void ctorch_tensor_free(ctorch_tensor *tensor);

// Group norm of a channels-last image (float32 or bfloat16) in its own memory, plus another image
// (or NULL), then max(x, 0) if asked. The scale and the shift are float32.
char *ctorch_group_norm(
    ctorch_tensor *image, int64_t groups, const ctorch_tensor *weight, const ctorch_tensor *bias,
    double epsilon, const ctorch_tensor *other, bool relu);

// Autograd.
char *ctorch_get_requires_grad(const ctorch_tensor *tensor, bool *value);
char *ctorch_set_requires_grad(ctorch_tensor *tensor, bool value);
char *ctorch_backward(const ctorch_tensor *tensor, bool retain_graph);
char *ctorch_get_grad(const ctorch_tensor *tensor, ctorch_tensor **result);
char *ctorch_clear_grad(ctorch_tensor *tensor);
char *ctorch_set_grad_mode(bool enabled, bool *previous);
char *ctorch_set_autocast(bool cuda, bool enabled, int8_t type, bool *previous);

// A part of a network whose inner results are computed again for the gradient, not kept.
// The body computes the part from its input, which it has to free, without recording forward and
// recording `again`; it gives NULL or a text from malloc. The context is released when the gradient can't be asked for any more.
typedef char *(*ctorch_segment_body)(
    void *context, ctorch_tensor *input, bool again, ctorch_tensor **result);
typedef void (*ctorch_segment_release)(void *context);
char *ctorch_recomputed(
    const ctorch_tensor *input, ctorch_segment_body body, ctorch_segment_release release,
    void *context, ctorch_tensor **result);

// Random numbers.
char *ctorch_generator_new(uint64_t seed, ctorch_generator **result);
char *ctorch_generator_get_state(const ctorch_generator *generator, ctorch_tensor **result);
char *ctorch_generator_set_state(ctorch_generator *generator, const ctorch_tensor *state);
void ctorch_generator_free(ctorch_generator *generator);

// One operator, called by its name.
typedef enum {
  CTORCH_NONE = 0,
  CTORCH_TENSOR,            // tensors[first]
  CTORCH_TENSORS,           // tensors[first ..< first + count]
  CTORCH_OPTIONAL_TENSORS,  // the same; NULL is none
  CTORCH_INT,               // ints[first]
  CTORCH_INTS,
  CTORCH_DOUBLE,  // doubles[first]
  CTORCH_DOUBLES,
  CTORCH_BOOL,   // ints[first] != 0
  CTORCH_BOOLS,  // ints[first ..< first + count] != 0
  CTORCH_SCALARS,  // doubles[first ..< first + count] as a list of optional scalars
  CTORCH_TEXT,   // texts[first]
  CTORCH_GENERATOR,
  CTORCH_DEVICE  // ints[first]: -1 is the CPU, else the CUDA index
} ctorch_kind;

typedef struct {
  ctorch_kind kind;
  size_t first;
  size_t count;
} ctorch_argument;

typedef struct {
  const ctorch_argument *arguments;
  size_t argument_count;
  const ctorch_tensor *const *tensors;
  const int64_t *ints;
  const double *doubles;
  const char *const *texts;
  ctorch_generator *generator;
} ctorch_arguments;

// The name carries its namespace, such as `aten::add`. Missing trailing arguments take the
// operator's defaults. Tensor results (lists flattened) go to
// `results`, at most `capacity`; more is an error.
char *ctorch_call(
    const char *name, const char *overload, const ctorch_arguments *arguments,
    ctorch_tensor **results, size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
