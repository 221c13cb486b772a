import Glibc
import LabScript
import Testing

/// Files that are too large, or have too many mistakes: answered at once, and briefly.
@Suite struct SizeTests {
  /// The mistakes, and the processor's time that finding them took: other programs on the machine do not count.
  private func timed(_ bytes: [UInt8]) -> (mistakes: [Diagnostic], time: Duration) {
    let start = processorTime()
    let mistakes = diagnostics(bytes)
    return (mistakes, processorTime() - start)
  }

  private func processorTime() -> Duration {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  @Test func refusesALineOfTenMegabytes() {
    let text = "title Long\nclient types \"" + String(repeating: "x", count: 10_000_000) + "\"\n"
    let (mistakes, time) = timed(Array(text.utf8))
    #expect(
      mistakes.map(\.rendered) == [
        """
        labs/test.lab:2:4097: this line is too long: a line may have at most 4096 bytes
          …\(String(repeating: "x", count: 120))…
        \(String(repeating: " ", count: 63))^
          a statement goes on in the next line if that begins with blanks
        """
      ]
    )
    #expect(time < .seconds(1))
  }

  @Test func refusesALineThatIsALittleTooLong() {
    let text = "title Long\nclient types \"" + String(repeating: "x", count: 4082) + "\"\n"
    #expect(
      mistakes(text) == ["2:4097: this line is too long: a line may have at most 4096 bytes"]
    )
  }

  @Test func refusesAFileOfTenMegabytes() {
    let text = "title Long\n" + String(repeating: "kill client\n", count: 833_333)
    let (mistakes, time) = timed(Array(text.utf8))
    #expect(mistakes.map(\.message) == ["the file has 10000007 bytes, and a lab may have at most 65536"])
    #expect(time < .seconds(1))
  }

  @Test func showsAHundredMistakesAndCountsTheRest() {
    let (mistakes, time) = timed(Array(("title Many\n" + String(repeating: "kill nobody1\n", count: 150)).utf8))
    #expect(mistakes.count <= 101)
    #expect(time < .seconds(1))
    let many = diagnostics(Array(lab(String(repeating: "after 1 kill client\n", count: 150)).utf8))
    #expect(many.count == 101)
    #expect(many.last?.message == "and 50 more mistakes from here on")
  }

  @Test func stopsEarlyInAFileOfNonsense() {
    let (mistakes, time) = timed(Array(String(repeating: "startt x\n", count: 7000).utf8))
    #expect(mistakes.count == 101)
    #expect(time < .seconds(1))
  }

  @Test func readsTheLargestLabsQuickly() {
    for step in ["expect client read returns\n", "drop the next from kang\n", "kill client\nstart client\n"] {
      let text = lab(String(repeating: step, count: 65_000 / step.utf8.count))
      let (mistakes, time) = timed(Array(text.utf8))
      #expect(mistakes.isEmpty)
      #expect(time < .seconds(2), "\(step)")
    }
  }
}
