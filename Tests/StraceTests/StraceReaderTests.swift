import Strace
import Testing
import Timeline

/// Lines as they come: when calls begin and end, torn lines, several processes, signals.
@Suite struct StraceReaderTests {
  static let poll = "poll([{fd=0<pipe:[1]>, events=POLLIN}, {fd=3<TCP:[1.1.1.1:1->2.2.2.2:2]>, events=POLLIN}], 2, -1"
  static let question = "poll(stdin POLLIN, socket POLLIN) …"

  @Test func aCallIsToldWhenItReturnedByTheMonotonicClock() throws {
    let item = try #require(items(line("read(3<TCP:[1]>, \"\", 1) = 0 <0.000025500>", after: 1000)).first)
    guard case .call(let time, let call) = item else {
      Issue.record("\(item) is no call")
      return
    }
    #expect(time == 10_001_025_500)
    #expect(call.took == 25_500)
  }

  @Test func aCallThatLastsIsToldWhenItWasEnteredToo() {
    let told = items(line(Self.poll + ") = 1 ([{fd=3, revents=POLLIN}]) <1.5>", after: 7))
    #expect(told.map(\.text) == [Self.question, "poll(stdin 0x0, socket 0x1 POLLIN) = 1"])
    #expect(told.map(\.microseconds) == [7, 1_500_007])
  }

  @Test func aCallThatBlocksIsToldWhileItDoes() {
    var reader = StraceReader()
    #expect(reader.take(String(line(Self.poll).dropLast())) == [])
    #expect(reader.due == 10_005_000_000)
    #expect(reader.overdue(at: 10_004_999_999) == [])
    let entered = reader.overdue(at: 10_005_000_000)
    #expect(entered.map(\.text) == [Self.question])
    #expect(entered.map(\.microseconds) == [0])
    #expect(reader.due == nil)
    #expect(reader.overdue(at: 20_000_000_000) == [])
    // It is not told again when it returns.
    let returned = reader.take(") = 0 (Timeout) <2.0>\n")
    #expect(returned.map(\.text) == ["poll(stdin 0x0, socket 0x0) = 0"])
    #expect(returned.map(\.microseconds) == [2_000_000])
  }

  @Test func theClockMayBeSetWhileACallBlocks() {
    var reader = StraceReader()
    _ = reader.take(String(line(Self.poll).dropLast()))
    let returned = reader.take(Array(") = 0 (Timeout) <2.0>\n".utf8), clockOffset: 3_600_000_000_000)
    #expect(returned.map(\.microseconds) == [0, 2_000_000])
  }

  @Test func aBlockingCallThatIsNotToldDisturbsNobody() {
    var reader = StraceReader()
    _ = reader.take("7 100.000000000 read(4<UNIX:[1->2]>, ")
    #expect(reader.due == 10_005_000_000)
    #expect(reader.overdue(at: 11_000_000_000) == [])
    #expect(reader.due == nil)
  }

  @Test func callsOfSeveralProcessesAreKeptApart() {
    var reader = StraceReader()
    let first = reader.take(
      line(Self.poll + " <unfinished ...>") + line("read(3<TCP:[1.1.1.1:1->2.2.2.2:2]>,  <unfinished ...>", process: 8)
    )
    #expect(first == [])
    #expect(reader.overdue(at: 10_006_000_000).map(\.text) == [Self.question, "read(socket) …"])
    let rest = reader.take(
      line("<... read resumed>\"a\", 10) = 1 <0.1>", process: 8, after: 100_000)
        + line("<... poll resumed>) = 1 ([{fd=0, revents=POLLHUP}]) <0.2>", after: 200_000)
    )
    #expect(rest.map(\.text) == ["read(socket) = 1", "poll(stdin 0x10 POLLHUP, socket 0x0) = 1"])
    // The moment of a resumed line is that of the return.
    #expect(rest.map(\.microseconds) == [100_000, 200_000])
  }

  @Test func aPollThatIsResumedAfterAFreezeIsToldByItsName() {
    let text =
      line(Self.poll + ") = ? ERESTART_RESTARTBLOCK (Interrupted by signal) <0.001>")
      + line("restart_syscall(<... resuming interrupted poll ...>) = 1 <0.5>", after: 2000)
    let told = items(text)
    #expect(told.map(\.text) == [Self.question, "poll() = 1"])
    #expect(told.map(\.microseconds) == [2000, 502_000])
  }

  @Test func aCallThatGaveNothingIsNotTold() {
    let text =
      line("accept(3<TCP:[0.0.0.0:80]>, 0x7ffe, [128]) = ? ERESTARTSYS (To be restarted if SA_RESTART is set) <0.001>")
      + line(Self.poll + " <unfinished ...>") + line("<... poll resumed>) = ?") + line("+++ killed by SIGKILL +++")
      + line("restart_syscall(<... resuming interrupted poll ...>) = 0 <0.1>")
    #expect(items(text) == [])
  }

  @Test func linesMayComeInAnyPieces() {
    let text = line(Self.poll + ") = 1 ([{fd=3, revents=POLLIN}]) <0.001>") + line("close(3<TCP:[1]>) = 0 <0.1>")
    let whole = items(text)
    #expect(whole.count == 3)
    for place in 0...text.utf8.count {
      var reader = StraceReader()
      let bytes = Array(text.utf8)
      var pieces = reader.take(Array(bytes[..<place]), clockOffset: 90_000_000_000)
      pieces += reader.take(Array(bytes[place...]), clockOffset: 90_000_000_000)
      #expect(pieces == whole, "torn at \(place)")
    }
  }

  @Test(arguments: [
    "strace: something else", "7", "7 100.5", "7 read(0) = 0", "x 100.0 read(0) = 0", "7 100.0 read", "7 100.0 (0) = 0",
    "7 100.0 read(0<pipe:[1]>, 1, 2", "7 100.0 read(0<pipe:[1]>, 1, 2) 7", "7 100.0 read(0<pipe:[1]>) = x",
    "7 100.0 <... read resumed>) = 0", "7 100.0 <... resumed>", "7 99999999999999999999.0 read(0<pipe:[1]>) = 0",
    "99999999999999999999 100.0 read(0<pipe:[1]>) = 0",
  ])
  func whatIsNoLineOfStracesIsHandedBack(written: String) {
    #expect(items(written + "\n") == [.unreadable(written)])
  }

  @Test func aLineWithoutEndIsGivenUp() {
    var reader = StraceReader()
    var told: [StraceReader.Item] = []
    for _ in 0..<100 { told += reader.take(String(repeating: "x", count: 1000)) }
    told += reader.take("y\n" + line("close(3<TCP:[1]>) = 0 <0.1>"))
    #expect(told.count == 3)
    #expect(told.first == .unreadable("a line of more than 65536 bytes"))
    #expect(told.last?.text == "close(socket) = 0")
  }

  @Test func timesBeyondAllBoundsAreClamped() {
    var reader = StraceReader()
    let text = Array("7 9000000000.0 read(3<TCP:[1]>, 1, 2) = 0 <9000000000.0>\n".utf8)
    for offset in [Int64.min, 0, .max] {
      #expect(reader.take(text, clockOffset: offset).last?.text == "read(socket) = 0")
    }
    _ = reader.take(Array(text.dropLast(30)), clockOffset: .min)
    _ = reader.overdue(at: .min)
    _ = reader.overdue(at: .max)
  }

  @Test func theCommandLineNamesTheFileAndEndsWithTheProgram() {
    let words = StraceCommand.words(tracing: ["nc", "-l", "8080"], into: "/run/trace")
    #expect(words.first == "strace")
    #expect(words.suffix(6) == ["-o", "/run/trace", "--", "nc", "-l", "8080"])
    #expect(words.contains { $0.hasPrefix("trace=?socket,") })
  }
}
