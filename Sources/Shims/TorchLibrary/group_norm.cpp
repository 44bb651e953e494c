#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <cmath>
#include <vector>

#include "guard.h"

using ctorch::guarded;

namespace {

// A bfloat16: the upper half of a single-precision number.
struct Brain {
  uint16_t half;
};

#define INLINE __attribute__((always_inline)) inline

INLINE float widen(float value) { return value; }

INLINE float widen(Brain value) {
  const uint32_t bits = static_cast<uint32_t>(value.half) << 16;
  float result;
  std::memcpy(&result, &bits, 4);
  return result;
}

INLINE void store(float value, float &place) { place = value; }

// Rounds to even.
INLINE void store(float value, Brain &place) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  const uint16_t rounded = static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
  place.half = value == value ? rounded : 0x7FC0;
}

struct Plan {
  int64_t places;
  int64_t channels;
  int64_t groups;
  const float *weight;
  const float *bias;
  float epsilon;
  bool relu;
};

// The compiler picks the widest vectors that the processor has.
#define EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))

// Kernels over one sample of `places` rows of `channels` numbers, for both element types.
#define KERNELS(Element, suffix)                                                              \
  EVERY_PROCESSOR void add_rows_##suffix(                                                     \
      const Element *x, int64_t places, int64_t channels, float *sums) {                      \
    for (int64_t p = 0; p < places; ++p, x += channels)                                       \
      for (int64_t c = 0; c < channels; ++c) sums[c] += widen(x[c]);                          \
  }                                                                                           \
  EVERY_PROCESSOR void add_squares_##suffix(                                                  \
      const Element *x, int64_t places, int64_t channels, const float *means, float *sums) {  \
    for (int64_t p = 0; p < places; ++p, x += channels)                                       \
      for (int64_t c = 0; c < channels; ++c) {                                                \
        const float difference = widen(x[c]) - means[c];                                      \
        sums[c] += difference * difference;                                                   \
      }                                                                                       \
  }                                                                                           \
  EVERY_PROCESSOR void scale_##suffix(                                                        \
      Element *x, const Element *other, int64_t places, int64_t channels, const float *scale, \
      const float *shift, float least) {                                                      \
    for (int64_t p = 0; p < places; ++p, x += channels) {                                     \
      for (int64_t c = 0; c < channels; ++c) {                                                \
        float y = widen(x[c]) * scale[c] + shift[c];                                          \
        if (other != nullptr) y += widen(other[c]);                                           \
        store(y < least ? least : y, x[c]);                                                   \
      }                                                                                       \
      if (other != nullptr) other += channels;                                                \
    }                                                                                         \
  }                                                                                           \
  void normalize(                                                                             \
      Element *x, const Element *other, const Plan &plan, std::vector<float> &space) {        \
    const int64_t channels = plan.channels, width = channels / plan.groups;                   \
    space.assign(3 * channels, 0);                                                            \
    float *means = space.data(), *scale = means + channels, *shift = scale + channels;        \
    const float count = float(plan.places * width);                                           \
    const auto spread = [&](float *values) {                                                  \
      for (int64_t first = 0; first < channels; first += width) {                             \
        float sum = 0;                                                                        \
        for (int64_t c = 0; c < width; ++c) sum += values[first + c];                         \
        for (int64_t c = 0; c < width; ++c) values[first + c] = sum / count;                  \
      }                                                                                       \
    };                                                                                        \
    add_rows_##suffix(x, plan.places, channels, means);                                       \
    spread(means);                                                                            \
    add_squares_##suffix(x, plan.places, channels, means, scale);                             \
    spread(scale);                                                                            \
    for (int64_t c = 0; c < channels; ++c) {                                                  \
      scale[c] = plan.weight[c] / std::sqrt(scale[c] + plan.epsilon);                         \
      shift[c] = plan.bias[c] - means[c] * scale[c];                                          \
    }                                                                                         \
    scale_##suffix(                                                                           \
        x, other, plan.places, channels, scale, shift, plan.relu ? 0.0f : -INFINITY);         \
  }

KERNELS(float, single)
KERNELS(Brain, brain)

template <typename Element>
void run(at::Tensor &x, const at::Tensor *other, const Plan &plan) {
  auto *data = static_cast<Element *>(x.data_ptr());
  const auto *added = other == nullptr ? nullptr : static_cast<const Element *>(other->data_ptr());
  const int64_t size = plan.places * plan.channels;
  at::parallel_for(0, x.size(0), 1, [&](int64_t begin, int64_t end) {
    std::vector<float> space;
    for (int64_t n = begin; n < end; ++n) {
      normalize(data + n * size, added == nullptr ? nullptr : added + n * size, plan, space);
    }
  });
}

}  // namespace

char *ctorch_group_norm(
    ctorch_tensor *image, int64_t groups, const ctorch_tensor *weight, const ctorch_tensor *bias,
    double epsilon, const ctorch_tensor *other, bool relu) {
  return guarded([&] {
    auto &x = image->value;
    const auto format = at::MemoryFormat::ChannelsLast;
    TORCH_CHECK(x.dim() == 4 && x.is_contiguous(format), "a channels-last image is due");
    const int64_t channels = x.size(1);
    TORCH_CHECK(groups > 0 && channels % groups == 0, channels, " channels in ", groups, " groups");
    for (const auto *vector : {weight, bias}) {
      TORCH_CHECK(
          vector->value.scalar_type() == at::kFloat && vector->value.is_contiguous() &&
              vector->value.numel() == channels,
          "a scale and a shift in single precision are due for each channel");
    }
    const at::Tensor *added = other == nullptr ? nullptr : &other->value;
    TORCH_CHECK(
        added == nullptr || (added->sizes() == x.sizes() && added->is_contiguous(format) &&
                             added->scalar_type() == x.scalar_type()),
        "what is added must be like the image");
    if (x.numel() == 0) return;
    const Plan plan{
        x.size(2) * x.size(3), channels, groups, weight->value.data_ptr<float>(),
        bias->value.data_ptr<float>(), static_cast<float>(epsilon), relu};
    if (x.scalar_type() == at::kFloat) {
      run<float>(x, added, plan);
    } else {
      TORCH_CHECK(x.scalar_type() == at::kBFloat16, "the image must be float32 or bfloat16");
      run<Brain>(x, added, plan);
    }
  });
}
