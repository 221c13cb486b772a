import Testing
import Timeline

@Suite struct SavedTimelineTests {
  private func read(_ text: String) -> SavedTimeline { SavedTimeline(bytes: Array(text.utf8)) }

  private let note = #"{"t":1,"kind":"note","text":"x"}"#
  private let end = #"{"t":2,"kind":"end"}"#

  @Test func everyLineIsAnEvent() {
    let timeline = read("\(note)\n\(end)\n")
    #expect(timeline.events.map(\.body) == [.note("x"), .end(reason: nil)])
    #expect(timeline.mistakes == [])
  }

  @Test func aTornLastLineIsReportedAndTheRestUsed() {
    let timeline = read("\(note)\n\(end.dropLast(5))")
    #expect(timeline.events.map(\.body) == [.note("x")])
    #expect(timeline.mistakes == [SavedTimeline.Mistake(line: 2, message: "torn: the writer was interrupted in it")])
  }

  @Test func everyPrefixOfATimelineIsReadWithoutATrap() {
    let bytes = Array((EventTests.bodies.map { Event(time: .zero, body: $0).line + "\n" }.joined()).utf8)
    for length in 0...bytes.count {
      let timeline = SavedTimeline(bytes: bytes[..<length])
      let lines = bytes[..<length].count { $0 == UInt8(ascii: "\n") }
      // A line without its end may be whole already.
      #expect(timeline.events.count == lines || timeline.events.count == lines + 1)
      #expect(timeline.mistakes.count <= 1)
    }
  }

  @Test func aLineThatIsNoEventIsReportedWithItsNumber() {
    let timeline = read("\(note)\n\n  \r\nrubbish\n\(note)\r\n{}\n")
    #expect(timeline.events.count == 2)
    #expect(
      timeline.mistakes == [
        SavedTimeline.Mistake(line: 4, message: "not JSON: not a JSON value at byte 1"),
        SavedTimeline.Mistake(line: 6, message: "member 't' (nanoseconds) is missing"),
      ]
    )
  }

  @Test func bytesThatAreNoUTF8AreReplaced() {
    let bytes = Array(#"{"t":1,"kind":"note","text":""#.utf8) + [0xFF, 0xC0] + Array("\"}\n".utf8)
    #expect(SavedTimeline(bytes: bytes).events.map(\.body) == [.note("\u{FFFD}\u{FFFD}")])
    #expect(SavedTimeline(bytes: [UInt8](repeating: 0, count: 1000)).mistakes.count == 1)
  }

  @Test func aNewerFormatIsReadAndReported() {
    var beginning = EventTests.beginning
    beginning.version = 2
    let timeline = read(Event(time: .zero, body: .begin(beginning)).line + "\n" + note + "\n")
    #expect(timeline.events.count == 2)
    #expect(
      timeline.mistakes.map(\.message) == [
        "format version 2 is newer than 1, which this program knows: what it does not know is kept and not shown"
      ]
    )
  }

  @Test func aRunStartsWithItsBeginning() {
    let begin = Event(time: .zero, body: .begin(EventTests.beginning)).line
    #expect(read("\(begin)\n\(note)\n\(begin)\n\(end)\n").runs.map(\.count) == [2, 2])
    #expect(read("\(note)\n\(begin)\n").runs.map(\.count) == [1, 1])
    #expect(read("").runs.isEmpty)
  }
}
