public import Judge
public import LabScript
internal import Timeline
public import TimerModel

/// Works out beforehand what the timer model says of a lab's expectations.
///
/// It walks through the script as the runner will, keeping only what decides: who is connected to whom, what has become
/// of the way between them, and who has something unacknowledged under way. Where a script goes beyond what it knows, it
/// says nothing rather than something doubtful.
public struct Forecaster: Sendable {
  let script: Script
  let kernel: Kernel

  /// A forecaster for `script` on a machine with this kernel; the script's own settings are added to the kernel's.
  public init(script: Script, kernel: Kernel) {
    self.script = script
    self.kernel = kernel
  }

  /// The prediction for every expectation of which the model can say something.
  public func forecast() -> Forecast {
    var world = World(script: script)
    var forecast = Forecast()
    for step in script.steps {
      world.pass(step.delay ?? .zero)
      switch step.action {
      case .expect(let expectation):
        if let course = course(of: expectation, in: world) {
          forecast.predictions[step.line] = course.prediction(after: world.lastDeed)
          forecast.counts[step.line] = course.count
        }
        if case .lasting(let duration) = expectation.timing {
          // It lasts from the deed on, not from the statement.
          world.pass(max(.zero, world.lastDeed + duration - world.clock))
        }
      case .wait: break
      default: world.do(step.action, line: step.line)
      }
    }
    forecast.predictions = forecast.predictions.filter { !$0.value.isEmpty }
    return forecast
  }

  /// What becomes of the thing that an expectation is about; `nil` if nobody knows.
  private func course(of expectation: Expectation, in world: World) -> Course? {
    switch expectation.condition {
    case .call(let peer, let name, .fails): failure(of: name, of: peer, in: world)
    case .exits(let peer, _):
      world.options(peer).isRepl ? nil : end(of: peer, in: world)
    case .retransmits(let host, _): retransmissions(of: host, in: world)
    case .connection(let host, _, .gone): disappearance(on: host, in: world)
    default: nil
    }
  }

  private func failure(of call: String, of peer: String, in world: World) -> Course? {
    // What is typed decides when a program that makes calls by hand learns of anything.
    if world.options(peer).isRepl, call != "connect" { return nil }
    guard let connection = world.connections[peer] else { return nil }
    if call == "connect" { return attempt(of: peer, connection, in: world) }
    return established(peer, connection, in: world)
  }

  /// How a program's connection, or its attempt at one, ends by itself.
  private func end(of peer: String, in world: World) -> Course? {
    guard let connection = world.connections[peer] else { return nil }
    if case .open = connection.opening { return established(peer, connection, in: world) }
    return attempt(of: peer, connection, in: world)
  }

  /// How an attempt to connect fails.
  private func attempt(of peer: String, _ connection: Connection, in world: World) -> Course? {
    switch connection.opening {
    case .open, .unknown: return nil
    case .refused: return course([predict(.connecting, of: peer, Path(failure: .powerCycled))], since: connection.start)
    case .into(var path):
      var results = [predict(.connecting, of: peer, path)]
      if case .icmp = path.failure {
        // Within one machine the error mostly comes in while connect still holds the socket, and is only remembered
        // until the next SYN's; on a busy one it can come later, and then decides at once.
        path.withinOneMachine = true
        results.append(predict(.connecting, of: peer, path))
      }
      return course(results, since: connection.start)
    }
  }

  /// How an established connection ends by itself.
  private func established(_ peer: String, _ connection: Connection, in world: World) -> Course? {
    guard case .open = connection.opening, !connection.isUncertain, connection.closed == nil else { return nil }
    let way = world.way(from: peer)
    switch connection.data {
    case .unacknowledged(let since, let bytes):
      guard let failure = way.failure else { return nil }
      let situation = Situation.sending(.init(segments: segments(bytes)))
      return course([predict(situation, of: peer, Path(failure: failure))], since: since)
    case .stuck(let since):
      return connection.isDisturbed ? nil : zeroWindow(peer, connection, since: since, way)
    case .none: return connection.isDisturbed ? nil : idle(peer, connection, way)
    }
  }

  /// Silence: the keepalive timer counts from the last packet, and is armed when the connection is made.
  private func idle(_ peer: String, _ connection: Connection, _ way: Ways.Way) -> Course? {
    var most: Int?
    let failure: Path.Failure
    switch way {
    case .open, .unknown: return nil
    case .broken(let kind): failure = kind
    case .oneWay: failure = .silence
    case .lossy(let count): (failure, most) = (.silence, count)
    }
    // How long it takes to run the steps between is not known, and the timer wheel rounds by it.
    let armed = connection.received.clock - connection.start.clock
    let ages =
      armed == .zero && connection.received.isOfTheHandshake
      ? [.zero] : stride(from: 0, through: 6, by: 1).map { armed + Forecaster.stepDuration / 6 * $0 }
    let results = ages.map { predict(.idle(.init(armedBefore: $0)), of: peer, Path(failure: failure)) }
    if let most {
      // Only if all its probes are among the packets that are lost is this a silence.
      guard results.allSatisfy({ $0.map { $0.end != nil && $0.probes.upperBound <= most } ?? false }) else {
        return nil
      }
    }
    return course(results, since: connection.received)
  }

  /// A full window: answered by a living kernel, or not any more.
  ///
  /// What is left of the window may be less than a segment. Then the first probe carries what still fits, and only its
  /// acknowledgment closes the window (`tcp_write_wakeup`): all begins again one interval later.
  private func zeroWindow(_ peer: String, _ connection: Connection, since: Occurrence, _ way: Ways.Way) -> Course? {
    // The acknowledgment that closes the window is mostly a delayed one, and counts as a round trip of up to 40 ms:
    // an eighth of that comes to the timeout of the handshake's round trip, and a little more of the variation.
    let paths = stride(from: 204, through: 220, by: 4).map { milliseconds in
      var path = Path()
      path.rto = .milliseconds(milliseconds)
      return path
    }
    return course(paths.flatMap { zeroWindow(peer, connection, since: since, way, $0) }, since: since)
  }

  private func zeroWindow(
    _ peer: String,
    _ connection: Connection,
    since: Occurrence,
    _ way: Ways.Way,
    _ path: Path
  ) -> [Prediction?] {
    guard let answered = predict(.zeroWindow(.init(answered: true)), of: peer, path) else { return [nil] }
    let full = answered.delayed(by: Window(.zero, Forecaster.delayedAcknowledgment))
    guard let first = full.schedule.first(where: \.kind.isZeroWindowProbe) else { return [nil] }
    let beginnings = [full, answered.delayed(by: first.at)]
    switch way {
    case .open: return beginnings
    case .lossy, .unknown, .broken(.powerCycled): return [nil]
    case .broken, .oneWay: break
    }
    guard let broken = connection.brokenSince else { return [nil] }
    let elapsed = broken.clock - since.clock
    // Before the window is seen closed the data is under way, and that is another timer.
    guard elapsed > first.at.latest else { return [nil] }
    return beginnings.flatMap { silent(after: elapsed, of: peer, $0, path) }
  }

  /// The ends of a connection with a full window whose other end answers no more after `elapsed`.
  ///
  /// How many probes were answered before decides how long the next interval is.
  private func silent(
    after elapsed: Duration,
    of peer: String,
    _ answered: Prediction,
    _ path: Path
  ) -> [Prediction?] {
    guard answered.end.map({ $0.latest > elapsed }) ?? true else { return [nil] }
    let probes = answered.schedule.filter(\.kind.isZeroWindowProbe)
    let least = probes.count { $0.at.latest < elapsed }
    let most = probes.count { $0.at.earliest <= elapsed + Forecaster.stepDuration }
    return (least...most).map { count in
      let last = count == 0 ? Window(.zero, elapsed) : probes[count - 1].at
      return predict(.zeroWindow(.init(answeredBefore: count)), of: peer, path)?.delayed(by: last)
    }
  }

  /// How long after the write the last acknowledgment comes that says how full the window is (`TCP_ATO_MIN`, 40 ms,
  /// rounded up by the timer wheel).
  static let delayedAcknowledgment = Duration.milliseconds(60)

  private func retransmissions(of host: String, in world: World) -> Course? {
    for declaration in script.peers where declaration.host == host {
      guard let connection = world.connections[declaration.name] else { continue }
      let course: Course?
      switch (connection.opening, connection.data, connection.closed) {
      case (.into, _, _): course = attempt(of: declaration.name, connection, in: world)
      case (.open, .unacknowledged, nil): course = established(declaration.name, connection, in: world)
      default: continue
      }
      guard let course, let count = course.retransmissions else { return nil }
      var prediction = Verdict.Prediction(limit: course.limit, explanation: course.explanation)
      prediction.retransmissions = count
      return Course(bare: prediction)
    }
    return nil
  }

  // MARK: Disappearance

  /// When a host's kernel forgets a connection.
  private func disappearance(on host: String, in world: World) -> Course? {
    if let request = world.requests[host] { return forgottenRequest(request, in: world) }
    for declaration in script.peers where declaration.host == host {
      guard let connection = world.connections[declaration.name] else { continue }
      guard let closed = connection.closed else { return end(of: declaration.name, in: world) }
      return closing(declaration.name, connection, closed, in: world)
    }
    return nil
  }

  /// When a listener's host forgets a client that died in the handshake.
  private func forgottenRequest(
    _ request: (since: Occurrence, listener: PeerDeclaration, client: PeerDeclaration),
    in world: World
  ) -> Course? {
    // A living client's next SYN would begin it anew.
    guard world.ways.hostsOff.contains(request.client.host), world.lastDeed - request.since.clock < .milliseconds(900)
    else { return nil }
    return course([predict(.synReceived(acknowledged: false), of: request.listener.name, Path())], since: request.since)
  }

  private func closing(_ peer: String, _ connection: Connection, _ closed: Occurrence, in world: World) -> Course? {
    guard case .open = connection.opening, !connection.isUncertain else { return nil }
    guard connection.finAcknowledged else {
      guard let failure = world.way(from: peer).failure else { return nil }
      var segments = 0
      if case .unacknowledged(_, let bytes) = connection.data { segments = self.segments(bytes) }
      let situation = Situation.closing(.finUnacknowledged(orphaned: true, unackedSegments: segments))
      return course([predict(situation, of: peer, Path(failure: failure))], since: closed)
    }
    guard let answer = connection.otherClosed else {
      return course([predict(.closing(.finWait2(orphaned: true)), of: peer, Path())], since: closed)
    }
    // Who closed second has nothing to remember.
    guard connection.closedFirst else { return nil }
    return course([predict(.closing(.timeWait), of: peer, Path())], since: answer)
  }

  // MARK: The model

  /// How long running a step may take; the script's own time does not count it.
  static let stepDuration = Duration.milliseconds(300)

  private func segments(_ bytes: Int) -> Int { max(1, (bytes + 1447) / 1448) }

  private func predict(_ situation: Situation, of peer: String, _ path: Path) -> Prediction? {
    guard let declaration = script.peers.first(where: { $0.name == peer }) else { return nil }
    var kernel = kernel
    for setting in script.sysctls where setting.host == nil || setting.host == declaration.host {
      // What the model does not know has no timer to change.
      try? kernel.set(name: setting.name, to: setting.value)
    }
    return try? kernel.predict(situation, options: PeerOptions(declaration.command).options, path: path)
  }

  private func course(_ results: [Prediction?], since: Occurrence) -> Course? {
    let known = results.compactMap { $0 }
    guard known.count == results.count else { return nil }
    return Course(known, since: since)
  }
}
