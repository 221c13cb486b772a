import Testing

@testable import Sockets

@Suite struct StolenTimeTests {
  @Test func theEighthNumberOfEachProcessorIsRead() {
    let text = """
      cpu  5449615 112540 934848 2402501 9914 0 5490 74272 0 0
      cpu0 2693509 55594 457283 1247644 2126 0 1620 36878 0 0
      cpu1 2756105 56945 477565 1154856 7787 0 3870 37394 0 0
      intr 1264379126 0 9
      ctxt 3110211
      """
    #expect(StolenTime.counts(in: text) == [36878, 37394])
  }

  @Test func anOlderKernelTellsNothing() {
    #expect(StolenTime.counts(in: "cpu  1 2 3 4\ncpu0 1 2 3 4\nctxt 1\n") == [0])
    #expect(StolenTime.counts(in: "") == [])
  }

  @Test func whatWasStolenBeforeDoesNotCount() throws {
    let stolen = try #require(StolenTime())
    #expect((0...1_000_000_000).contains(stolen.sinceLastCall()))
  }
}
