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
  func end(of peer: String, in world: World) -> Course? {
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
      var questions = [question(.connecting, of: peer, path)]
      if case .icmp = path.failure {
        // Within one machine the error mostly comes in while connect still holds the socket, and is only remembered
        // until the next SYN's; on a busy one it can come later, and then decides at once.
        path.withinOneMachine = true
        results.append(predict(.connecting, of: peer, path))
        questions.append(question(.connecting, of: peer, path))
      }
      return course(results, since: connection.start, questions)
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
      let result = predict(situation, of: peer, Path(failure: failure))
      if world.options(peer).talk == .answered {
        // The answer acknowledges the question, so a server's thinking counts as a round trip.
        let slow = predict(situation, of: peer, Path(roundTrip: Forecaster.longestAnswer, failure: failure))
        return course([result, slow, result.flatMap { ratcheted($0, failure) } ?? slow], since: since)
      }
      if let result, let late = ratcheted(result, failure) { return course([result, late], since: since) }
      return course([result], since: since, [question(situation, of: peer, Path(failure: failure))])
    case .stuck(let since):
      return connection.isDisturbed ? nil : zeroWindow(peer, connection, since: since, way)
    case .none: return connection.isDisturbed ? nil : idle(peer, connection, way, in: world)
    }
  }

  /// The course of many retransmissions each of which an error answers, by ICMP or by ARP, if now and then one does not
  /// in time.
  ///
  /// Every error takes back the doubling that the retransmission brought, but one that comes too late, since the machine
  /// was busy, does not: the interval stays twice as long for good. In a quarter of an hour that happens. Then it is
  /// only sure that the end is the first timer after the limit; how much longer the interval has become was measured on
  /// busy machines: by one doubling with ICMP, by several with ARP.
  private func ratcheted(_ result: Prediction, _ failure: Path.Failure) -> Prediction? {
    let longest: Duration
    switch failure {
    case .neighbourGone(known: false): longest = .milliseconds(53_500)
    case .icmp(let error) where error.revertsBackoff: longest = .milliseconds(6700)
    default: return nil
    }
    guard let end = result.end, end.latest > .seconds(60) else { return nil }
    var late = result.delayed(by: Window(.zero, longest))
    late.retransmissions = 0...result.retransmissions.upperBound
    return late
  }

  /// Silence: the keepalive timer counts from the last packet, and is armed when the connection is made.
  private func idle(_ peer: String, _ connection: Connection, _ way: Ways.Way, in world: World) -> Course? {
    var most: Int?
    let failure: Path.Failure
    var way = way
    if case .open = way, let declaration = world.declaration(peer), let probe = world.firstProbe(of: declaration) {
      way = probe
    }
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
    // The packets show how long before the silence the timer was armed; but not of a program that turns keepalive on only
    // when it has connected.
    guard world.options(peer).talk == .typed else { return course(results, since: connection.received) }
    return course(results, since: connection.received, [question(.idle(.init()), of: peer, Path(failure: failure))])
  }

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

  // MARK: The model

  /// How long running a step may take; the script's own time does not count it.
  static let stepDuration = Duration.milliseconds(300)

  /// How many segments so many bytes are: 1500 of a packet less the headers, TCP's timestamps among them.
  func segments(_ bytes: Int) -> Int {
    let most = script.family == .ipv4 ? 1448 : 1428
    return max(1, (bytes + most - 1) / most)
  }

  /// How long a server may take to answer a simple question, on a machine that is busy.
  static let longestAnswer = Duration.milliseconds(100)

  func predict(_ situation: Situation, of peer: String, _ path: Path) -> Prediction? {
    question(situation, of: peer, path)?.predict()
  }

  /// What the timer model is asked about a peer's socket; `nil` if there is no such peer.
  func question(_ situation: Situation, of peer: String, _ path: Path) -> Forecast.Question? {
    guard let declaration = script.peers.first(where: { $0.name == peer }) else { return nil }
    var (kernel, path) = (kernel, path)
    path.usesNeighbourDiscovery = script.family == .ipv6
    for setting in script.sysctls where setting.host == nil || setting.host == declaration.host {
      // What the model does not know has no timer to change.
      try? kernel.set(name: setting.name, to: setting.value)
    }
    let options = PeerOptions(declaration.command)
    let port: Forecast.Question.Port? =
      switch options.role {
      case .listens(let number): .own(number)
      case .connects(_, let number): .other(number)
      case .unknown: nil
      }
    return Forecast.Question(
      kernel: kernel,
      situation: situation,
      options: options.options,
      path: path,
      host: declaration.host,
      peer: peer,
      port: port
    )
  }

  func course(_ results: [Prediction?], since: Occurrence, _ questions: [Forecast.Question?] = []) -> Course? {
    let known = results.compactMap { $0 }
    guard known.count == results.count else { return nil }
    return Course(known, since: since, questions: questions.compactMap { $0 })
  }
}
