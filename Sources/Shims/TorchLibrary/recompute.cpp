#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include "guard.h"

using ctorch::guarded;

namespace {

// A part of a network that the caller computes: once forward, and again for the gradient.
struct Segment : torch::CustomClassHolder {
  ctorch_segment_body body;
  ctorch_segment_release release;
  void *context;

  Segment(ctorch_segment_body body, ctorch_segment_release release, void *context)
      : body(body), release(release), context(context) {}
  ~Segment() override { release(context); }

  at::Tensor run(const at::Tensor &input, bool again) {
    ctorch_tensor *result = nullptr;
    char *problem = body(context, new ctorch_tensor{input}, again, &result);
    if (problem != nullptr) {
      const std::string text = problem;
      std::free(problem);
      TORCH_CHECK(false, text);
    }
    at::Tensor value = std::move(result->value);
    delete result;
    return value;
  }
};

// Autocast of one device as it was forward, for as long as it lives.
struct Autocast {
  at::DeviceType device;
  bool enabled;
  at::ScalarType type;

  explicit Autocast(at::DeviceType device)
      : device(device), enabled(at::autocast::is_autocast_enabled(device)),
        type(at::autocast::get_autocast_dtype(device)) {}

  void apply() const {
    at::autocast::set_autocast_enabled(device, enabled);
    at::autocast::set_autocast_dtype(device, type);
  }
};

struct Recompute : torch::autograd::Function<Recompute> {
  // The anchor asks for a gradient, so that the result does too where only weights do.
  static at::Tensor forward(
      torch::autograd::AutogradContext *context, const at::Tensor &input, const at::Tensor &,
      const c10::intrusive_ptr<Segment> &segment) {
    const Autocast autocast(input.device().type());
    context->save_for_backward({input});
    context->saved_data["segment"] = c10::IValue::make_capsule(segment);
    context->saved_data["autocast"] = autocast.enabled;
    context->saved_data["type"] = static_cast<int64_t>(autocast.type);
    return segment->run(input, false);
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext *context, torch::autograd::variable_list slopes) {
    const auto saved = context->get_saved_variables()[0];
    const auto capsule = context->saved_data["segment"].toCapsule();
    auto *segment = static_cast<Segment *>(capsule.get());
    at::Tensor input = saved.detach();
    input.set_requires_grad(saved.requires_grad());
    at::Tensor output;
    {
      at::AutoGradMode recording(true);
      const Autocast before(input.device().type());
      Autocast during = before;
      during.enabled = context->saved_data["autocast"].toBool();
      during.type = static_cast<at::ScalarType>(context->saved_data["type"].toInt());
      during.apply();
      try {
        output = segment->run(input, true);
      } catch (...) {
        before.apply();
        throw;
      }
      before.apply();
      if (during.enabled) at::autocast::clear_cache();
    }
    if (output.requires_grad()) torch::autograd::backward({output}, {slopes[0]});
    return {saved.requires_grad() ? input.grad() : at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

char *ctorch_recomputed(
    const ctorch_tensor *input, ctorch_segment_body body, ctorch_segment_release release,
    void *context, ctorch_tensor **result) {
  return guarded([&] {
    const auto segment = c10::make_intrusive<Segment>(body, release, context);
    const auto anchor = at::empty({0}, input->value.options().dtype(at::kFloat))
                            .set_requires_grad(at::GradMode::is_enabled());
    *result = new ctorch_tensor{Recompute::apply(input->value, anchor, segment)};
  });
}
