#ifndef VERNIER_CBOOST_H
#define VERNIER_CBOOST_H

// Distribution functions of Boost.Math, as plain C. No call throws: outside of a function's domain the answer is NaN.

#ifdef __cplusplus
extern "C" {
#endif

double boost_normal_quantile(double probability);

double boost_student_t_cdf(double degrees_of_freedom, double t);
double boost_student_t_sf(double degrees_of_freedom, double t);
double boost_student_t_quantile(double degrees_of_freedom, double probability);

double boost_fisher_f_cdf(double degrees_of_freedom_1, double degrees_of_freedom_2, double f);
double boost_fisher_f_sf(double degrees_of_freedom_1, double degrees_of_freedom_2, double f);

double boost_chi_squared_cdf(double degrees_of_freedom, double x);
double boost_chi_squared_sf(double degrees_of_freedom, double x);
double boost_chi_squared_quantile(double degrees_of_freedom, double probability);

#ifdef __cplusplus
}
#endif

#endif
