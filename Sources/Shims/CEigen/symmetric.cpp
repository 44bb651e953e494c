#include "CEigen.h"

// Nothing of Eigen that is not under the Mozilla Public License.
#define EIGEN_MPL2_ONLY
#include <eigen3/Eigen/Eigenvalues>

bool eigen_symmetric(double *matrix, int64_t n, double *values) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  // Eigen reports want of memory by an exception.
  try {
    Eigen::Map<Matrix> view(matrix, n, n);
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(view);
    if (solver.info() != Eigen::Success) return false;
    Eigen::Map<Eigen::VectorXd>(values, n) = solver.eigenvalues();
    view = solver.eigenvectors().transpose();
    return true;
  } catch (...) {
    return false;
  }
}
