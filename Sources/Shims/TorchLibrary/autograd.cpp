#include "guard.h"

using ctorch::guarded;

char *ctorch_get_requires_grad(const ctorch_tensor *tensor, bool *value) {
  return guarded([&] { *value = tensor->value.requires_grad(); });
}

char *ctorch_set_requires_grad(ctorch_tensor *tensor, bool value) {
  return guarded([&] { tensor->value.set_requires_grad(value); });
}

char *ctorch_backward(const ctorch_tensor *tensor, bool retain_graph) {
  return guarded([&] { tensor->value.backward({}, retain_graph); });
}

char *ctorch_get_grad(const ctorch_tensor *tensor, ctorch_tensor **result) {
  return guarded([&] {
    const auto &grad = tensor->value.grad();
    *result = grad.defined() ? new ctorch_tensor{grad} : nullptr;
  });
}

char *ctorch_clear_grad(ctorch_tensor *tensor) {
  return guarded([&] { tensor->value.mutable_grad().reset(); });
}
