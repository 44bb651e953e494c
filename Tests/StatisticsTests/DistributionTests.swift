import Statistics
import Testing

@Suite struct DistributionTests {
  // Both sides round to double precision; 4 ulp in the argument of exp at |x| = 38 make 1e-13.
  @Test func normalMeetsManyDigits() throws {
    for value in try Golden.load().normal {
      let x = value.x
      #expect(close(StandardNormal.logCdf(x), value.logCdf, relative: 2e-14), "ln Φ(\(x))")
      #expect(close(StandardNormal.inverseMills(x), value.inverseMills, relative: 1e-13), "ψ(\(x))")
      let found = StandardNormal.truncation(x)
      #expect(close(found.lambda, value.lambda, relative: 1e-13, absolute: 1e-300), "λ(\(x))")
      #expect(close(found.complement, value.complement, relative: 1e-12), "1 − λ(\(x))")
      // Φ itself underflows gradually below −37.5.
      if x > -37 { #expect(close(StandardNormal.cdf(x), value.cdf, relative: 1e-13), "Φ(\(x))") }
    }
  }

  @Test func normalHasNoEnd() {
    #expect(StandardNormal.inverseMills(-1e10) == 1e10)
    #expect(close(StandardNormal.logCdf(-1e150), -0.5e300, relative: 1e-15))
    #expect(StandardNormal.inverseMills(60) == 0)
    #expect(StandardNormal.logCdf(.infinity) == 0)
    #expect(StandardNormal.logCdf(-.infinity) == -.infinity)
    #expect(StandardNormal.truncation(9).lambda > 0)
  }

  @Test func normalIsSmoothWhereTheTailBegins() {
    // The step of 1e-9 moves ψ by 1e-9·λ ≤ 1e-9.
    let (left, right) = (-4 - 1e-9, -4 + 1e-9)
    #expect(abs(StandardNormal.inverseMills(left) - StandardNormal.inverseMills(right)) < 3e-9)
    #expect(abs(StandardNormal.logCdf(left) - StandardNormal.logCdf(right)) < 1.1e-8)
  }

  // Boost and SciPy use different algorithms; both promise some 1e-13 here.
  @Test func boostMeetsSciPy() throws {
    let golden = try Golden.load()
    let tight = 1e-11
    for value in golden.quantile {
      #expect(close(StandardNormal.quantile(value.p), value.x, relative: tight, absolute: 1e-15))
    }
    for value in golden.studentT {
      let t = StudentT(degreesOfFreedom: value.df)
      #expect(close(t.cdf(value.t), value.cdf, relative: tight))
      #expect(close(t.survival(value.t), value.survival, relative: tight))
      #expect(close(t.quantile(0.975), value.quantile, relative: tight))
    }
    for value in golden.fisherF {
      let f = FisherF(numerator: value.d1, denominator: value.d2)
      #expect(close(f.cdf(value.f), value.cdf, relative: tight))
      #expect(close(f.survival(value.f), value.survival, relative: tight))
    }
    for value in golden.chiSquared {
      let chi = ChiSquared(degreesOfFreedom: value.df)
      #expect(close(chi.cdf(value.x), value.cdf, relative: tight))
      #expect(close(chi.survival(value.x), value.survival, relative: tight))
      #expect(close(chi.quantile(0.95), value.quantile, relative: tight))
    }
  }

  @Test func outsideOfTheDomainIsNaN() {
    #expect(StudentT(degreesOfFreedom: -1).cdf(0).isNaN)
    #expect(FisherF(numerator: 0, denominator: 5).survival(1).isNaN)
    #expect(StandardNormal.quantile(1.5).isNaN)
    #expect(StandardNormal.quantile(0) == -.infinity)
  }
}
