import Testing

@testable import Drawing

@Suite struct AxisTests {
  @Test func theLogarithmIsExactEnoughForPixels() {
    for (value, expected) in [(1.0, 0.0), (10, 1), (1000, 3), (2, 0.301_029_995_7), (0.5, -0.301_029_995_7)] {
      #expect(abs(log10(value) - expected) < 1e-6)
    }
  }
}
