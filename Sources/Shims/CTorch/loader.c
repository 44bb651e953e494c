// Loads libvernier-torch.so, and with it libtorch, when the first function of ctorch.h is called.
//
// libtorch takes 0.25 s and 110 MB of every start; most commands never need it.
#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctorch.h"

static const char *const library_name = "libvernier-torch.so";

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library;
// Why the library could not be loaded.
static char failure[4096];

// Opens `directory`/libvernier-torch.so if that file is there.
static bool open_in(const char *directory, size_t length) {
  char path[4096];
  const int count =
      snprintf(path, sizeof path, "%.*s/%s", (int)length, directory, library_name);
  if (count < 0 || (size_t)count >= sizeof path || access(path, F_OK) != 0) return false;
  library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) snprintf(failure, sizeof failure, "%s", dlerror());
  return true;
}

// The folder of the running program, then `../lib/vernier` beside it, as a package installs it.
static void open_library(void) {
  const char *given = getenv("VERNIER_TORCH_LIBRARY");
  if (given != NULL && given[0] != '\0') {
    library = dlopen(given, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
      snprintf(failure, sizeof failure, "VERNIER_TORCH_LIBRARY: %s", dlerror());
    }
    return;
  }
  char program[4096];
  const ssize_t count = readlink("/proc/self/exe", program, sizeof program - 1);
  program[count > 0 ? count : 0] = '\0';
  char *slash = strrchr(program, '/');
  if (slash != NULL) *slash = '\0';
  if (open_in(program, strlen(program))) return;
  char installed[4096 + 16];
  snprintf(installed, sizeof installed, "%s/../lib/vernier", program);
  if (open_in(installed, strlen(installed))) return;
  snprintf(failure, sizeof failure, "%s is not in %s", library_name, program);
}

static char *text_of(const char *text) {
  char *copy = strdup(text);
  if (copy == NULL) abort();
  return copy;
}

// The library's function of this name; NULL after a failure, which `reason` then tells.
static void *resolve(const char *name, char **reason) {
  pthread_once(&once, open_library);
  if (library == NULL) {
    *reason = text_of(failure);
    return NULL;
  }
  void *function = dlsym(library, name);
  if (function == NULL) {
    char text[256];
    snprintf(
        text, sizeof text, "%s has no %s: it was built from other sources; build it again",
        library_name, name);
    *reason = text_of(text);
  }
  return function;
}

// The library's function of this name, kept in `found` from its first call on.
static void *function_of(const char *name, _Atomic(void *) *found, char **reason) {
  void *function = *found;
  if (function == NULL) *found = function = resolve(name, reason);
  return function;
}

// A function of ctorch.h that can fail.
#define FORWARD(name, parameters, values)                                         \
  char *name parameters {                                                         \
    static _Atomic(void *) found;                                                 \
    char *reason = NULL;                                                          \
    void *function = function_of(#name, &found, &reason);                         \
    return function == NULL ? reason : ((char *(*)parameters)function)values;     \
  }

// A function that frees what only the loaded library can have made.
#define FORWARD_FREE(name, type)                                                  \
  void name(type *value) {                                                        \
    static _Atomic(void *) found;                                                 \
    char *reason = NULL;                                                          \
    void *function = function_of(#name, &found, &reason);                         \
    if (function != NULL) ((void (*)(type *))function)(value);                    \
    free(reason);                                                                 \
  }

void ctorch_text_free(char *text) { free(text); }

FORWARD(ctorch_check_version, (void), ())
FORWARD(ctorch_use_large_pages, (void), ())
FORWARD(ctorch_keep_memory, (size_t bytes), (bytes))
FORWARD(ctorch_load_cuda, (int32_t *count), (count))
FORWARD(ctorch_set_deterministic, (bool enabled), (enabled))
FORWARD(ctorch_set_threads, (int32_t count), (count))
FORWARD(ctorch_get_threads, (int32_t *count), (count))

FORWARD(
    ctorch_tensor_from_bytes,
    (const void *bytes, size_t byte_count, const int64_t *shape, size_t rank, int8_t type,
     ctorch_tensor **result),
    (bytes, byte_count, shape, rank, type, result))
FORWARD(
    ctorch_tensor_empty,
    (const int64_t *shape, size_t rank, int8_t type, ctorch_tensor **result, void **memory,
     size_t *byte_count),
    (shape, rank, type, result, memory, byte_count))
FORWARD(
    ctorch_tensor_to_bytes, (const ctorch_tensor *tensor, void *bytes, size_t byte_count),
    (tensor, bytes, byte_count))
FORWARD(
    ctorch_tensor_rank, (const ctorch_tensor *tensor, size_t *rank, int8_t *type),
    (tensor, rank, type))
FORWARD(ctorch_tensor_device, (const ctorch_tensor *tensor, int64_t *number), (tensor, number))
FORWARD(
    ctorch_tensor_shape, (const ctorch_tensor *tensor, int64_t *shape, size_t rank),
    (tensor, shape, rank))
FORWARD(
    ctorch_tensor_share, (const ctorch_tensor *tensor, ctorch_tensor **result), (tensor, result))
FORWARD_FREE(ctorch_tensor_free, ctorch_tensor)

FORWARD(
    ctorch_group_norm,
    (ctorch_tensor *image, int64_t groups, const ctorch_tensor *weight, const ctorch_tensor *bias,
     double epsilon, const ctorch_tensor *other, bool relu),
    (image, groups, weight, bias, epsilon, other, relu))

FORWARD(
    ctorch_get_requires_grad, (const ctorch_tensor *tensor, bool *value), (tensor, value))
FORWARD(ctorch_set_requires_grad, (ctorch_tensor *tensor, bool value), (tensor, value))
FORWARD(
    ctorch_backward, (const ctorch_tensor *tensor, bool retain_graph), (tensor, retain_graph))
FORWARD(
    ctorch_get_grad, (const ctorch_tensor *tensor, ctorch_tensor **result), (tensor, result))
FORWARD(ctorch_clear_grad, (ctorch_tensor *tensor), (tensor))
FORWARD(ctorch_set_grad_mode, (bool enabled, bool *previous), (enabled, previous))
FORWARD(
    ctorch_set_autocast, (bool cuda, bool enabled, int8_t type, bool *previous),
    (cuda, enabled, type, previous))

FORWARD(
    ctorch_recomputed,
    (const ctorch_tensor *input, ctorch_segment_body body, ctorch_segment_release release,
     void *context, ctorch_tensor **result),
    (input, body, release, context, result))

FORWARD(ctorch_generator_new, (uint64_t seed, ctorch_generator **result), (seed, result))
FORWARD(
    ctorch_generator_get_state, (const ctorch_generator *generator, ctorch_tensor **result),
    (generator, result))
FORWARD(
    ctorch_generator_set_state, (ctorch_generator *generator, const ctorch_tensor *state),
    (generator, state))
FORWARD_FREE(ctorch_generator_free, ctorch_generator)

FORWARD(
    ctorch_call,
    (const char *name, const char *overload, const ctorch_arguments *arguments,
     ctorch_tensor **results, size_t capacity, size_t *count),
    (name, overload, arguments, results, capacity, count))
