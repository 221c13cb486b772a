import Judge
import LabScript
import Matrix
import Testing
import Timeline
import TimerModel

/// What a timeline says of a cell; the timelines are made by hand, since a kernel does not do the same thing twice.
@Suite struct MeasuringTests {
  /// Every step of a cell's lab up to its failure, and then what is given.
  private func events(_ cell: Cell, _ then: [Event], fault: Bool = true, upTo last: Int64 = .max) -> [Event] {
    let beginning = Beginning(
      lab: cell.script.name,
      path: cell.script.name + ".lab",
      script: cell.text,
      parameters: [],
      clock: "CLOCK_MONOTONIC",
      clockAtStart: 0,
      wallClockAtStart: 0,
      kernel: "6.18.44",
      hz: 250
    )
    var events = [Event(time: .zero, body: .begin(beginning))]
    let deed = cell.script.steps.last { $0.action.isDeedOfTest }?.line ?? 0
    for step in cell.script.steps where step.line <= deed {
      events.append(Event(time: at(1), body: .step(line: step.line, text: step.text)))
    }
    if fault { events.append(Event(time: at(1), host: "kodos", body: .fault(line: deed, text: "the failure"))) }
    for step in cell.script.steps where step.line > deed {
      events.append(Event(time: at(1), body: .waiting(line: step.line, text: step.text, limit: 1)))
    }
    return events + then
  }

  private func at(_ seconds: Double) -> Moment { Moment(nanoseconds: Int64(seconds * 1e9)) }

  private func read(_ error: String?, at seconds: Double) -> Event {
    var call = SystemCall(name: "read", phase: .exit)
    call.subject = .socket
    call.result = error == nil ? 0 : -1
    call.errorName = error
    call.took = 1000
    return Event(time: at(seconds), peer: "client", body: .call(call))
  }

  private func end(_ seconds: Double) -> Event { Event(time: at(seconds), body: .end(reason: nil)) }

  private func result(_ cell: Cell, _ events: [Event]) -> CellResult {
    let forecast = Forecast(predictions: [:])
    return cell.result(events: events, judgement: judge(script: cell.script, events: events, forecast: forecast))
  }

  @Test func theFirstErrorAfterTheFailureCounts() throws {
    let cell = try cell("idle-power-off", "x: keepalive=2s,3s,3")
    let result = result(cell, events(cell, [read("EAGAIN", at: 2), read("ETIMEDOUT", at: 12), end(12.1)]))
    #expect(result.measured == .told(.init(after: .seconds(11), call: "read", errorName: "ETIMEDOUT")))
    #expect(result.name == "idle-power-off/x")
  }

  @Test func theEndOfTheStreamIsNewsToo() throws {
    let cell = try cell("idle-closed")
    let result = result(cell, events(cell, [read(nil, at: 1.01), end(1.1)]))
    #expect(result.measured == .told(.init(after: .milliseconds(10), call: "read", errorName: nil)))
    #expect(result.agrees == true)
  }

  @Test func silenceIsAsLongAsItWasWatched() throws {
    let cell = try cell("idle-frozen")
    let silent = result(cell, events(cell, [end(21)]))
    #expect(silent.measured == .nothing(watched: .seconds(20)))
    #expect(silent.agrees == true)
    let told = result(cell, events(cell, [read("ECONNRESET", at: 4), end(4)]))
    #expect(told.measured == .told(.init(after: .seconds(3), call: "read", errorName: "ECONNRESET")))
    #expect(told.agrees == false)
    #expect(told.remark.contains("is told nothing"))
  }

  @Test func whatEndsBeforeTheFailureIsSaidToBe() throws {
    let cell = try cell("window-power-off", "x: user-timeout=1ms")
    var story = events(cell, [end(2)])
    story.insert(read("ETIMEDOUT", at: 0.5), at: 1)
    let result = result(cell, story)
    #expect(result.measured == .before(.init(after: .zero, call: "read", errorName: "ETIMEDOUT")))
    #expect(result.agrees == nil)
    #expect(result.remark.contains("before the failure"))
  }

  @Test func aLabThatDoesNotComeToTheFailureIsBroken() throws {
    let cell = try cell("idle-power-off")
    let story = Array(events(cell, []).prefix(4)) + [end(6)]
    let result = result(cell, story)
    guard case .broken = result.measured else {
      Issue.record("\(result)")
      return
    }
    #expect(result.agrees == false)
    #expect(!result.remark.isEmpty)
    // So is one whose timeline breaks off.
    guard case .broken(let reason) = self.result(cell, events(cell, [])).measured else {
      Issue.record("a timeline without an end")
      return
    }
    #expect(reason.contains("no end"))
  }

  @Test func whatIsNotRunSaysWhy() throws {
    let result = try cell("sending-drop").notRun("too long")
    #expect(result.measured == nil && result.agrees == nil && result.remark == "too long")
  }
}

extension Action {
  /// Whether it does something.
  fileprivate var isDeedOfTest: Bool {
    switch self {
    case .expect, .wait: false
    default: true
    }
  }
}
