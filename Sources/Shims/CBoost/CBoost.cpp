#include "CBoost.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <limits>

namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

// Errors come back as NaN or infinity, never as exceptions; doubles are not promoted to long double, so that the
// numbers do not depend on the width of the machine's long double.
using Quiet = bp::policy<
    bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
    bp::overflow_error<bp::ignore_error>, bp::underflow_error<bp::ignore_error>,
    bp::denorm_error<bp::ignore_error>, bp::evaluation_error<bp::ignore_error>,
    bp::rounding_error<bp::ignore_error>, bp::indeterminate_result_error<bp::ignore_error>,
    bp::promote_double<false>, bp::discrete_quantile<bp::real>>;

// The policies above already silence Boost; this also catches what it could still throw, such as bad_alloc.
template <typename F>
double guarded(F call) noexcept {
  try {
    return call();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

using Normal = bm::normal_distribution<double, Quiet>;
using StudentT = bm::students_t_distribution<double, Quiet>;
using FisherF = bm::fisher_f_distribution<double, Quiet>;
using ChiSquared = bm::chi_squared_distribution<double, Quiet>;

}  // namespace

double boost_normal_quantile(double p) {
  return guarded([=] { return bm::quantile(Normal(), p); });
}

double boost_student_t_cdf(double df, double t) {
  return guarded([=] { return bm::cdf(StudentT(df), t); });
}
double boost_student_t_sf(double df, double t) {
  return guarded([=] { return bm::cdf(bm::complement(StudentT(df), t)); });
}
double boost_student_t_quantile(double df, double p) {
  return guarded([=] { return bm::quantile(StudentT(df), p); });
}

double boost_fisher_f_cdf(double df1, double df2, double f) {
  return guarded([=] { return bm::cdf(FisherF(df1, df2), f); });
}
double boost_fisher_f_sf(double df1, double df2, double f) {
  return guarded([=] { return bm::cdf(bm::complement(FisherF(df1, df2), f)); });
}

double boost_chi_squared_cdf(double df, double x) {
  return guarded([=] { return bm::cdf(ChiSquared(df), x); });
}
double boost_chi_squared_sf(double df, double x) {
  return guarded([=] { return bm::cdf(bm::complement(ChiSquared(df), x)); });
}
double boost_chi_squared_quantile(double df, double p) {
  return guarded([=] { return bm::quantile(ChiSquared(df), p); });
}
