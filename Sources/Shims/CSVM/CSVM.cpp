#include "CSVM.h"

#include <libsvm/svm.h>

#include <cstdio>
#include <exception>
#include <limits>
#include <vector>

namespace {

void silent(const char *) {}

void report(char *failure, size_t size, const char *text) {
  if (size > 0) std::snprintf(failure, size, "%s", text);
}

}  // namespace

// The library's model points into `nodes`, so both live and end together.
struct csvm_model {
  std::vector<svm_node> nodes;
  svm_model *trained = nullptr;
  ~csvm_model() {
    if (trained) svm_free_and_destroy_model(&trained);
  }
};

extern "C" {

csvm_model *csvm_train(
    const double *features, const double *targets, size_t rows, size_t columns,
    csvm_settings settings, char *failure, size_t failure_size) {
  csvm_model *model = nullptr;
  try {
    const size_t limit = static_cast<size_t>(std::numeric_limits<int>::max());
    if (rows == 0 || columns == 0 || rows > limit / (columns + 1)) {
      report(failure, failure_size, "the number of rows or of features is out of range");
      return nullptr;
    }
    // Once, whatever the number of threads that train.
    static const bool quiet = (svm_set_print_string_function(silent), true);
    (void)quiet;
    model = new csvm_model;
    model->nodes.resize(rows * (columns + 1));
    std::vector<svm_node *> starts(rows);
    std::vector<double> wanted(targets, targets + rows);
    for (size_t row = 0; row < rows; row++) {
      svm_node *node = &model->nodes[row * (columns + 1)];
      starts[row] = node;
      for (size_t column = 0; column < columns; column++) {
        node[column] = {static_cast<int>(column + 1), features[row * columns + column]};
      }
      node[columns] = {-1, 0};
    }
    svm_problem problem{static_cast<int>(rows), wanted.data(), starts.data()};
    svm_parameter parameter{};
    parameter.svm_type = EPSILON_SVR;
    parameter.kernel_type = RBF;
    parameter.gamma = settings.gamma;
    parameter.C = settings.cost;
    parameter.p = settings.epsilon;
    parameter.eps = settings.tolerance;
    parameter.cache_size = settings.cache_mebibytes;
    parameter.shrinking = 1;
    if (const char *wrong = svm_check_parameter(&problem, &parameter)) {
      report(failure, failure_size, wrong);
    } else {
      model->trained = svm_train(&problem, &parameter);
      if (model->trained) return model;
      report(failure, failure_size, "libsvm gave no model");
    }
  } catch (const std::exception &error) {
    report(failure, failure_size, error.what());
  } catch (...) {
    report(failure, failure_size, "unknown failure");
  }
  delete model;
  return nullptr;
}

size_t csvm_vector_count(const csvm_model *model) {
  return static_cast<size_t>(model->trained->l);
}

double csvm_rho(const csvm_model *model) { return model->trained->rho[0]; }

void csvm_vectors(const csvm_model *model, double *coefficients, size_t *rows) {
  for (int i = 0; i < model->trained->l; i++) {
    coefficients[i] = model->trained->sv_coef[0][i];
    rows[i] = static_cast<size_t>(model->trained->sv_indices[i] - 1);
  }
}

void csvm_free(csvm_model *model) { delete model; }

}  // extern "C"
