// A guarded C surface over libsvm: epsilon support-vector regression with an RBF kernel on dense rows.
//
// Nothing here decides anything: every setting comes from Swift, and every failure is a status with text.
#ifndef CSVM_H
#define CSVM_H

#include <stddef.h>

#if __has_feature(nullability)
#pragma clang assume_nonnull begin
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// The settings of one training.
typedef struct {
  double cost;
  double gamma;
  double epsilon;
  double tolerance;
  double cache_mebibytes;
} csvm_settings;

/// A trained regression; freed by `csvm_free`.
typedef struct csvm_model csvm_model;

/// Trains on `rows` rows of `columns` features; null on failure, with the reason in `failure`.
csvm_model *_Nullable csvm_train(
    const double *features, const double *targets, size_t rows, size_t columns,
    csvm_settings settings, char *failure, size_t failure_size);

/// The number of support vectors.
size_t csvm_vector_count(const csvm_model *model);

/// The constant that a prediction subtracts.
double csvm_rho(const csvm_model *model);

/// For each support vector its coefficient and its row among the training rows, counted from 0.
void csvm_vectors(const csvm_model *model, double *coefficients, size_t *rows);

void csvm_free(csvm_model *model);

#ifdef __cplusplus
}
#endif

#if __has_feature(nullability)
#pragma clang assume_nonnull end
#endif
#endif
