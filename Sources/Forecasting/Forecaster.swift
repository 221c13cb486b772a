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
    var predictions: [Int: Verdict.Prediction] = [:]
    for step in script.steps {
      world.pass(step.delay ?? .zero)
      switch step.action {
      case .expect(let expectation):
        if let prediction = predict(expectation, in: world) { predictions[step.line] = prediction }
        if case .lasting(let duration) = expectation.timing { world.pass(duration) }
      case .wait: break
      default: world.do(step.action)
      }
    }
    return Forecast(predictions: predictions)
  }

  private func predict(_ expectation: Expectation, in world: World) -> Verdict.Prediction? {
    switch expectation.condition {
    case .call(let peer, let name, .fails): end(of: peer, call: name, in: world)
    case .exits(let peer, _): end(of: peer, call: nil, in: world)
    case .retransmits(let host, _): retransmissions(of: host, in: world)
    case .connection(let host, _, .gone): disappearance(on: host, in: world)
    default: nil
    }
  }

  /// How a program's connection, or its attempt at one, ends by itself.
  private func end(of peer: String, call: String?, in world: World) -> Verdict.Prediction? {
    guard let connection = world.connections[peer], let path = world.path(from: peer) else { return nil }
    let situation: Situation
    let since: Duration
    if call == "connect" {
      guard connection.startedIntoFailure else { return nil }
      (situation, since) = (.connecting, connection.started)
    } else if let sent = connection.unacknowledgedSince {
      (situation, since) = (.sending(.init()), sent)
    } else {
      (situation, since) = (.idle(.init()), connection.lastActivity)
    }
    return prediction(situation, of: peer, path: path, since: since, in: world)
  }

  private func retransmissions(of host: String, in world: World) -> Verdict.Prediction? {
    for declaration in script.peers where declaration.host == host {
      guard let connection = world.connections[declaration.name], connection.unacknowledgedSince != nil,
        let path = world.path(from: declaration.name),
        let result = model(.sending(.init()), of: declaration.name, path: path)
      else { continue }
      let count = result.retransmissions
      guard count.lowerBound == count.upperBound else { return nil }
      return Verdict.Prediction(
        limit: result.end?.limit.name,
        explanation: result.end?.explanation,
        retransmissions: count.lowerBound
      )
    }
    return nil
  }

  /// When a closed connection is forgotten.
  private func disappearance(on host: String, in world: World) -> Verdict.Prediction? {
    for declaration in script.peers where declaration.host == host {
      guard let connection = world.connections[declaration.name], let closed = connection.closed else { continue }
      let situation: Situation.Closing
      if world.path(from: declaration.name) != nil {
        situation = .finUnacknowledged(orphaned: true, unackedSegments: 0)
      } else if connection.peerAnsweredFIN {
        situation = .timeWait
      } else {
        situation = .finWait2(orphaned: true)
      }
      return prediction(
        .closing(situation),
        of: declaration.name,
        path: world.path(from: declaration.name) ?? Path(),
        since: closed,
        in: world
      )
    }
    return nil
  }

  private func model(_ situation: Situation, of peer: String, path: Path) -> Prediction? {
    guard let declaration = script.peers.first(where: { $0.name == peer }) else { return nil }
    var kernel = kernel
    for setting in script.sysctls where setting.host == nil || setting.host == declaration.host {
      // What the model does not know has no timer to change.
      try? kernel.set(name: setting.name, to: setting.value)
    }
    return try? kernel.predict(situation, options: PeerOptions(declaration.command).options, path: path)
  }

  private func prediction(
    _ situation: Situation,
    of peer: String,
    path: Path,
    since: Duration,
    in world: World
  ) -> Verdict.Prediction? {
    guard let result = model(situation, of: peer, path: path) else { return nil }
    guard let end = result.end else { return Verdict.Prediction(explanation: result.forever) }
    // The model counts from the moment that decides, an expectation from the last deed. The time between is at least
    // what the script itself waits; running the steps takes a little more.
    let elapsed = world.lastDeed - since
    let slack: Duration = elapsed == .zero ? .zero : World.stepDuration
    // What came before the deed has been predicted for an earlier expectation.
    guard end.latest > elapsed || elapsed == .zero else { return nil }
    return Verdict.Prediction(
      earliest: max(.zero, end.earliest - elapsed - slack),
      latest: max(.zero, end.latest - elapsed),
      errorName: end.errno,
      limit: end.limit.name,
      explanation: end.explanation
    )
  }
}
