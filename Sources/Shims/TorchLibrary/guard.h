#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "ctorch.h"

struct ctorch_tensor {
  at::Tensor value;
};

struct ctorch_generator {
  at::Generator value;
};

namespace ctorch {

// A copy of the text for C; the part that libtorch adds for its own developers is cut off.
inline char *copy(std::string text) noexcept {
  for (const char *tail : {"Exception raised from", "\nDebug info", "C++ CapturedTraceback"}) {
    auto cut = text.find(tail);
    if (cut != std::string::npos) text.resize(cut);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  if (text.empty()) text = "libtorch gave no reason";
  char *result = static_cast<char *>(std::malloc(text.size() + 1));
  if (result != nullptr) std::memcpy(result, text.c_str(), text.size() + 1);
  else std::abort();
  return result;
}

// Runs the body and turns whatever it throws into a text.
template <typename Body>
char *guarded(Body &&body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const c10::Error &error) {
    return copy(error.what_without_backtrace());
  } catch (const std::exception &error) {
    return copy(error.what());
  } catch (...) {
    return copy("libtorch threw something that is no exception");
  }
}

}  // namespace ctorch
