internal import LabScript
internal import Timeline
internal import TimerModel

extension Forecaster {
  /// When a host's kernel forgets a connection.
  func disappearance(on host: String, in world: World) -> Course? {
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
    return course(.synReceived(acknowledged: false), of: request.listener.name, since: request.since)
  }

  private func closing(_ peer: String, _ connection: Connection, _ closed: Occurrence, in world: World) -> Course? {
    guard case .open = connection.opening, !connection.isUncertain else { return nil }
    guard connection.finAcknowledged else {
      guard let failure = world.way(from: peer).failure else { return nil }
      var segments = 0
      if case .unacknowledged(_, let bytes) = connection.data { segments = self.segments(bytes) }
      let situation = Situation.closing(.finUnacknowledged(orphaned: !connection.isHeld, unackedSegments: segments))
      return course(situation, of: peer, Path(failure: failure), since: closed)
    }
    guard let answer = connection.otherClosed else {
      return course(.closing(.finWait2(orphaned: !connection.isHeld)), of: peer, since: closed)
    }
    // Who closed second has nothing to remember.
    guard connection.closedFirst else { return nil }
    return course(.closing(.timeWait), of: peer, since: answer)
  }

  private func course(_ situation: Situation, of peer: String, _ path: Path = Path(), since: Occurrence) -> Course? {
    course([predict(situation, of: peer, path)], since: since, [question(situation, of: peer, path)])
  }
}
