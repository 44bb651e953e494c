#ifndef VERNIER_CEIGEN_H
#define VERNIER_CEIGEN_H

#include <stdbool.h>
#include <stdint.h>

// Linear algebra of Eigen, as plain C. No call throws: where Eigen or memory fails, the answer is false.
// Matrices are row-major and square with `n` rows; of symmetric ones only the lower triangle is read.

#ifdef __cplusplus
extern "C" {
#endif

// Replaces a symmetric matrix by its unit eigenvectors, one a row, and writes their eigenvalues, both ascending.
bool eigen_symmetric(double *matrix, int64_t n, double *values);

// Fourier transform of a square image, in place, given as real and imaginary parts; the result is transposed. The
// inverse transform takes a transposed spectrum and has the factor 1/side².
bool eigen_fourier(double *real, double *imaginary, int64_t side, bool inverse);

#ifdef __cplusplus
}
#endif

#endif
