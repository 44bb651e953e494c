#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include "guard.h"

using ctorch::guarded;

static const at::Tensor &tensor_at(const ctorch_arguments *all, size_t index) {
  TORCH_CHECK(all->tensors[index] != nullptr, "a tensor is missing");
  return all->tensors[index]->value;
}

static c10::IValue value_of(const ctorch_arguments *all, const ctorch_argument &argument) {
  const size_t end = argument.first + argument.count;
  switch (argument.kind) {
    case CTORCH_NONE: return c10::IValue();
    case CTORCH_TENSOR: return tensor_at(all, argument.first);
    case CTORCH_TENSORS: {
      c10::List<at::Tensor> list;
      for (size_t i = argument.first; i < end; ++i) list.push_back(tensor_at(all, i));
      return list;
    }
    case CTORCH_OPTIONAL_TENSORS: {
      c10::List<std::optional<at::Tensor>> list;
      for (size_t i = argument.first; i < end; ++i) {
        list.push_back(
            all->tensors[i] == nullptr ? std::nullopt
                                       : std::optional<at::Tensor>(all->tensors[i]->value));
      }
      return list;
    }
    case CTORCH_INT: return all->ints[argument.first];
    case CTORCH_INTS: {
      c10::List<int64_t> list;
      for (size_t i = argument.first; i < end; ++i) list.push_back(all->ints[i]);
      return list;
    }
    case CTORCH_DOUBLE: return all->doubles[argument.first];
    case CTORCH_DOUBLES: {
      c10::List<double> list;
      for (size_t i = argument.first; i < end; ++i) list.push_back(all->doubles[i]);
      return list;
    }
    case CTORCH_BOOL: return all->ints[argument.first] != 0;
    case CTORCH_BOOLS: {
      c10::List<bool> list;
      for (size_t i = argument.first; i < end; ++i) list.push_back(all->ints[i] != 0);
      return list;
    }
    case CTORCH_SCALARS: {
      c10::List<std::optional<at::Scalar>> list;
      for (size_t i = argument.first; i < end; ++i) list.push_back(at::Scalar(all->doubles[i]));
      return list;
    }
    case CTORCH_TEXT: return std::string(all->texts[argument.first]);
    case CTORCH_GENERATOR: return all->generator->value;
    case CTORCH_DEVICE: {
      const auto index = all->ints[argument.first];
      return index < 0 ? c10::Device(at::kCPU)
                       : c10::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
    }
  }
  TORCH_CHECK(false, "an argument of unknown kind");
}

static void collect(const c10::IValue &value, std::vector<at::Tensor> &tensors) {
  if (value.isTensor()) {
    tensors.push_back(value.toTensor());
  } else if (value.isTensorList()) {
    for (const auto &item : value.toTensorVector()) tensors.push_back(item);
  }
}

char *ctorch_call(
    const char *name, const char *overload, const ctorch_arguments *arguments,
    ctorch_tensor **results, size_t capacity, size_t *count) {
  return guarded([&] {
    *count = 0;
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    std::vector<c10::IValue> stack;
    stack.reserve(handle.schema().arguments().size());
    for (size_t index = 0; index < arguments->argument_count; ++index) {
      stack.push_back(value_of(arguments, arguments->arguments[index]));
    }
    // Checks every type against the operator's schema and fills in its defaults.
    handle.schema().checkAndNormalizeInputs(stack, {});
    handle.callBoxed(stack);
    std::vector<at::Tensor> tensors;
    for (const auto &value : stack) collect(value, tensors);
    TORCH_CHECK(
        tensors.size() <= capacity, tensors.size(), " results, room for ", capacity);
    for (auto &tensor : tensors) results[(*count)++] = new ctorch_tensor{std::move(tensor)};
  });
}
