#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/Context.h>
#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include "guard.h"

using ctorch::guarded;

static std::string readable(uint64_t version) {
  return std::to_string(version >> 56) + "." + std::to_string((version >> 48) & 0xFF) + "." +
         std::to_string((version >> 40) & 0xFF);
}

char *ctorch_check_version(void) {
  return guarded([&] {
    const uint64_t compiled = TORCH_ABI_VERSION;
    const uint64_t loaded = aoti_torch_abi_version();
    TORCH_CHECK(
        compiled == loaded, "built against libtorch ", readable(compiled), " but libtorch ",
        readable(loaded), " was loaded");
  });
}

// Where libtorch's CUDA part may lie: beside the CPU part, as in PyTorch's package, or in the folder
// that Scripts/setup --cuda makes beside libtorch's.
static std::vector<std::string> cuda_places() {
  Dl_info part;
  char path[PATH_MAX];
  if (dladdr(reinterpret_cast<void *>(&at::globalContext), &part) == 0 ||
      realpath(part.dli_fname, path) == nullptr) {
    return {};
  }
  const std::string folder = std::string(path, std::strrchr(path, '/'));
  const std::string version = readable(TORCH_ABI_VERSION);
  return {folder, folder + "/../../cuda-" + version + "/torch/lib"};
}

char *ctorch_load_cuda(int32_t *count) {
  return guarded([&] {
    *count = 0;
    std::string library;
    for (const auto &place : cuda_places()) {
      const std::string found = place + "/libtorch_cuda.so";
      if (library.empty() && access(found.c_str(), R_OK) == 0) library = found;
    }
    TORCH_CHECK(!library.empty(), "libtorch's CUDA part is not installed");
    TORCH_CHECK(dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr, dlerror());
    if (at::globalContext().hasCUDA()) *count = at::detail::getCUDAHooks().deviceCount();
  });
}

char *ctorch_set_deterministic(bool enabled) {
  return guarded([&] {
    // cuBLAS reads it when it is first used.
    if (enabled) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    at::globalContext().setDeterministicAlgorithms(enabled, false);
    at::globalContext().setDeterministicCuDNN(enabled);
    at::globalContext().setBenchmarkCuDNN(false);
  });
}

char *ctorch_set_threads(int32_t count) {
  return guarded([&] {
    TORCH_CHECK(count > 0, "the number of threads must be positive, not ", count);
    at::set_num_threads(count);
  });
}

char *ctorch_get_threads(int32_t *count) {
  return guarded([&] { *count = at::get_num_threads(); });
}

char *ctorch_set_grad_mode(bool enabled, bool *previous) {
  return guarded([&] {
    *previous = at::GradMode::is_enabled();
    at::GradMode::set_enabled(enabled);
  });
}

char *ctorch_set_autocast(bool cuda, bool enabled, int8_t type, bool *previous) {
  return guarded([&] {
    const auto device = cuda ? at::kCUDA : at::kCPU;
    *previous = at::autocast::is_autocast_enabled(device);
    at::autocast::set_autocast_dtype(device, static_cast<at::ScalarType>(type));
    at::autocast::set_autocast_enabled(device, enabled);
    if (!enabled) at::autocast::clear_cache();
  });
}

char *ctorch_generator_new(uint64_t seed, ctorch_generator **result) {
  return guarded([&] { *result = new ctorch_generator{at::detail::createCPUGenerator(seed)}; });
}

char *ctorch_generator_get_state(const ctorch_generator *generator, ctorch_tensor **result) {
  return guarded([&] { *result = new ctorch_tensor{generator->value.get_state()}; });
}

char *ctorch_generator_set_state(ctorch_generator *generator, const ctorch_tensor *state) {
  return guarded([&] { generator->value.set_state(state->value); });
}

void ctorch_generator_free(ctorch_generator *generator) { delete generator; }
