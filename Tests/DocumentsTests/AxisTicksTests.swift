import Documents
import Testing

@Suite struct AxisTicksTests {
  // Exact equality: a tick is a whole number times a power of ten, rounded once.
  @Test func closedForms() {
    #expect(AxisTicks(low: 0, high: 1, about: 6).values == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(AxisTicks(low: 0, high: 0.3, about: 4).values == [0, 0.1, 0.2, 0.3])
    #expect(AxisTicks(low: -3, high: 11, about: 8).values == [-2, 0, 2, 4, 6, 8, 10])
    #expect(AxisTicks(low: 0, high: 100, about: 5).values == [0, 20, 40, 60, 80, 100])
    #expect(AxisTicks(low: 1.2e-5, high: 3.9e-5, about: 3).values == [2e-5, 3e-5])
    #expect(AxisTicks(low: -1, high: 1, about: 5).labels == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
  }

  @Test func stepsAreRoundAndTicksInside() {
    for (low, high) in [(-7.3, 6.9), (0.001, 0.0123), (1e6, 9e6), (-1e99, 1e99), (1e9, 1e9 + 8)] {
      let ticks = AxisTicks(low: low, high: high)
      #expect((2...12).contains(ticks.values.count))
      // A billionth of a step: the ends may be hit by rounding.
      let slack = ticks.step * 1e-8
      #expect(ticks.values.allSatisfy { $0 >= low - slack && $0 <= high + slack })
      #expect(ticks.labels.count == ticks.values.count)
    }
  }

  @Test func impossibleEndsGiveNoTicks() {
    for (low, high) in [
      (0.0, 0.0), (1, -1), (.nan, 1), (0, .infinity), (0, .leastNonzeroMagnitude),
      (-Double.greatestFiniteMagnitude, 1e308),
    ] {
      #expect(AxisTicks(low: low, high: high).values.isEmpty)
    }
  }

  @Test func endsMustBeNumbersApart() {
    #expect(Axis.Ends(3, 1)?.low == 1)
    #expect(Axis.Ends(1, 1) == nil)
    #expect(Axis.Ends(.nan, 1) == nil)
    #expect(Axis.Ends(0, .infinity) == nil)
    #expect(Axis("Quality", unit: "JOD").label == "Quality, JOD")
  }
}
