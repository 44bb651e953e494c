#include <ATen/ops/empty.h>

#include "guard.h"

using ctorch::guarded;

char *ctorch_tensor_from_bytes(
    const void *bytes, size_t byte_count, const int64_t *shape, size_t rank, int8_t type,
    ctorch_tensor **result) {
  return guarded([&] {
    auto value = at::empty(
        at::IntArrayRef(shape, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(type)));
    TORCH_CHECK(
        value.nbytes() == byte_count, "the shape ", at::IntArrayRef(shape, rank), " needs ",
        value.nbytes(), " bytes, ", byte_count, " were given");
    if (byte_count > 0) std::memcpy(value.data_ptr(), bytes, byte_count);
    *result = new ctorch_tensor{std::move(value)};
  });
}

char *ctorch_tensor_empty(
    const int64_t *shape, size_t rank, int8_t type, ctorch_tensor **result, void **memory,
    size_t *byte_count) {
  return guarded([&] {
    auto value = at::empty(
        at::IntArrayRef(shape, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(type)));
    *memory = value.data_ptr();
    *byte_count = value.nbytes();
    *result = new ctorch_tensor{std::move(value)};
  });
}

char *ctorch_tensor_to_bytes(const ctorch_tensor *tensor, void *bytes, size_t byte_count) {
  return guarded([&] {
    auto value = tensor->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(value.nbytes() == byte_count, "the tensor has ", value.nbytes(), " bytes");
    if (byte_count > 0) std::memcpy(bytes, value.data_ptr(), byte_count);
  });
}

char *ctorch_tensor_rank(const ctorch_tensor *tensor, size_t *rank, int8_t *type) {
  return guarded([&] {
    *rank = static_cast<size_t>(tensor->value.dim());
    *type = static_cast<int8_t>(tensor->value.scalar_type());
  });
}

char *ctorch_tensor_device(const ctorch_tensor *tensor, int64_t *number) {
  return guarded([&] {
    const auto device = tensor->value.device();
    *number = device.is_cpu() ? -1 : device.index();
  });
}

char *ctorch_tensor_shape(const ctorch_tensor *tensor, int64_t *shape, size_t rank) {
  return guarded([&] {
    auto sizes = tensor->value.sizes();
    TORCH_CHECK(sizes.size() == rank, "the tensor has ", sizes.size(), " dimensions");
    for (size_t index = 0; index < rank; ++index) shape[index] = sizes[index];
  });
}

char *ctorch_tensor_share(const ctorch_tensor *tensor, ctorch_tensor **result) {
  return guarded([&] { *result = new ctorch_tensor{tensor->value}; });
}

void ctorch_tensor_free(ctorch_tensor *tensor) { delete tensor; }
