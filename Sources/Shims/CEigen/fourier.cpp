#include "CEigen.h"

// Nothing of Eigen that is not under the Mozilla Public License.
#define EIGEN_MPL2_ONLY
#include <eigen3/unsupported/Eigen/FFT>

#include <complex>
#include <utility>
#include <vector>

bool eigen_fourier(double *real, double *imaginary, int64_t side, bool inverse) {
  using Complex = std::complex<double>;
  // Eigen reports want of memory by an exception.
  try {
    const auto n = static_cast<size_t>(side);
    std::vector<Complex> image(n * n), row(n);
    for (size_t i = 0; i < n * n; ++i) image[i] = {real[i], imaginary[i]};
    Eigen::FFT<double> transform;
    for (int pass = 0; pass < 2; ++pass) {
      for (size_t y = 0; y < n; ++y) {
        Complex *line = image.data() + y * n;
        std::copy(line, line + n, row.begin());
        if (inverse) transform.inv(line, row.data(), side);
        else transform.fwd(line, row.data(), side);
      }
      if (pass == 1) break;
      for (size_t y = 0; y < n; ++y) {
        for (size_t x = 0; x < y; ++x) std::swap(image[y * n + x], image[x * n + y]);
      }
    }
    for (size_t i = 0; i < n * n; ++i) {
      real[i] = image[i].real();
      imaginary[i] = image[i].imag();
    }
    return true;
  } catch (...) {
    return false;
  }
}
