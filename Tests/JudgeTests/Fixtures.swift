import Judge
import LabScript
import Timeline

/// Builds the timelines that the judge's tests need, one event a call.
struct Run {
  var script = Script(name: "poweroff")
  var forecast = Forecast()
  var events: [Event] = []
  private var line = 0

  init() {
    add(0, body: .begin(Run.beginning))
    add(0, host: "kang", peer: "client", body: .started(command: "dnc kodos 8080", pid: 1))
  }

  static let beginning = Beginning(
    lab: "poweroff",
    path: "labs/poweroff.lab",
    script: "",
    parameters: [],
    clock: "CLOCK_MONOTONIC",
    clockAtStart: 0,
    wallClockAtStart: 0,
    kernel: "6.18.44",
    hz: 250
  )

  /// Adds an event `milliseconds` after the beginning.
  mutating func add(_ milliseconds: Double, host: String? = nil, peer: String? = nil, body: Event.Body) {
    events.append(
      Event(time: Moment(nanoseconds: Int64(milliseconds * 1_000_000)), host: host, peer: peer, body: body)
    )
  }

  /// A deed whose fault is in force at `milliseconds`.
  mutating func powerOff(_ milliseconds: Double) {
    let line = step("power off kodos", .power(.off, host: "kodos"))
    add(milliseconds - 1, body: .step(line: line, text: "power off kodos"))
    add(milliseconds, host: "kodos", body: .fault(line: line, text: "power off kodos"))
  }

  /// A line typed to the client.
  mutating func types(_ milliseconds: Double) {
    let line = step("client types \"hello\"", .types(peer: "client", text: "hello"))
    add(milliseconds, body: .step(line: line, text: "client types \"hello\""))
    add(milliseconds, host: "kang", peer: "client", body: .input(text: "hello"))
  }

  /// A call of the client's that returned.
  mutating func call(
    _ milliseconds: Double,
    _ name: String,
    _ result: Int64? = nil,
    fails error: String? = nil,
    of subject: SystemCall.Subject? = .socket,
    phase: SystemCall.Phase = .exit
  ) {
    let call = SystemCall(
      name: name,
      phase: phase,
      subject: subject,
      result: error == nil ? result : -1,
      errorName: error
    )
    add(milliseconds, host: "kang", peer: "client", body: .call(call))
  }

  /// A sample of a connection of the host.
  mutating func sample(
    _ milliseconds: Double,
    _ state: TCPState,
    host: String = "kang",
    cookie: Int64 = 1,
    retransmits: Int? = nil,
    timer: SocketTimer? = nil,
    isGone: Bool = false,
    port: Int = 33226
  ) {
    let sample = SocketSample(
      cookie: cookie,
      local: "10.88.1.10:\(port)",
      remote: state == .listen ? "*:*" : "10.88.2.20:8080",
      state: state,
      timer: timer,
      retransmits: retransmits
    )
    add(milliseconds, host: host, body: isGone ? .socketGone(sample) : .socket(sample))
  }

  /// An expectation that the run came to.
  mutating func expect(
    _ text: String,
    _ condition: Condition,
    _ timing: Timing = .usual,
    predicted: Verdict.Prediction? = nil,
    isReached: Bool = true
  ) {
    let line = step("expect " + text, .expect(Expectation(condition: condition, timing: timing)))
    forecast.predictions[line] = predicted
    if isReached { events.append(Event(time: events.last?.time ?? .zero, body: .step(line: line, text: text))) }
  }

  /// A statement of the script; returns its line.
  mutating func step(_ text: String, _ action: Action) -> Int {
    line += 1
    script.steps.append(Step(line: line, text: text, action: action))
    return line
  }

  /// The judgement of a run that ended at `milliseconds`.
  mutating func judged(at milliseconds: Double, reason: String? = nil) -> Judgement {
    add(milliseconds, body: .end(reason: reason))
    return judge(script: script, events: events, forecast: forecast)
  }
}

extension Condition {
  static let readFails = Condition.call(peer: "client", name: "read", .fails("ETIMEDOUT"))
  static func kang(_ state: TCPState) -> Condition { .connection(host: "kang", port: nil, .state(state)) }
  static let kangGone = Condition.connection(host: "kang", port: nil, .gone)
}

/// The judgement of a run whose timeline was torn: no end event.
struct Judged {
  let judgement: Judgement

  init(_ run: Run) { judgement = judge(script: run.script, events: run.events, forecast: run.forecast) }
}
