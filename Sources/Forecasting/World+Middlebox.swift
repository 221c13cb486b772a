internal import LabScript
internal import Timeline
internal import TimerModel

// What becomes of connections that a middle box has forgotten.

extension World {
  /// What an established connection's packets meet in the middle box, if everything else lets them pass.
  func wayThroughBox(from peer: PeerDeclaration) -> Ways.Way {
    guard let box = script.middlebox, let connection = connections[peer.name], case .open = connection.opening else {
      return .open
    }
    if !connection.isForgottenByBox {
      switch isIdle(peer, connection, longerThan: box.idle) {
      case false?: return .open
      case nil: return .unknown
      case true?: break
      }
    }
    return meeting(from: peer, box)
  }

  /// What a packet meets that the box cannot put to a connection.
  func meeting(from peer: PeerDeclaration, _ box: Middlebox) -> Ways.Way {
    switch box.unknown {
    case .drop: .broken(.silence)
    case .reset: .broken(.powerCycled)
    case .pickUp:
      // Linux takes the connection into its table again, and translates as for a new one: from the inside of a NAT and
      // towards a balancer that comes to the same. The other way the packet goes to nobody's socket.
      switch box.kind {
      case .firewall: .open
      case .nat: peer.host == box.host ? .open : .broken(.powerCycled)
      case .balancer: peer.host == box.host ? .broken(.powerCycled) : .open
      }
    }
  }

  /// Whether nothing has passed for longer than `limit`; `nil` if that is a matter of the moments that steps take.
  private func isIdle(_ peer: PeerDeclaration, _ connection: Connection, longerThan limit: Duration) -> Bool? {
    let other = other(peer.name)
    let last = [connection.received, other.flatMap { connections[$0.name]?.received }].compactMap { $0?.clock }.max()
    let elapsed = clock - (last ?? clock)
    if elapsed + Forecaster.stepDuration < limit { return false }
    // Probes, and their answers, are packets like any other.
    let intervals = [peer, other].compactMap { $0.flatMap { keepaliveIdle($0) } }
    if let shortest = intervals.min(), shortest + Forecaster.stepDuration < limit { return false }
    return elapsed > limit + Forecaster.stepDuration ? true : nil
  }

  /// How long the keepalive timer of a program's socket waits; `nil` without keepalive.
  func keepaliveIdle(_ peer: PeerDeclaration) -> Duration? {
    guard let keepalive = PeerOptions(peer.command).options.keepalive else { return nil }
    if let idle = keepalive.idle { return .seconds(idle) }
    let setting = script.sysctls.first { setting in
      setting.name == "net.ipv4.tcp_keepalive_time" && (setting.host == nil || setting.host == peer.host)
    }
    return .seconds(setting.flatMap { Int($0.value) } ?? 7200)
  }

  /// What the first keepalive probe of an idle connection meets, if it comes later than the box's idle time; `nil` if
  /// nobody knows, or nothing happens to it.
  func firstProbe(of peer: PeerDeclaration) -> Ways.Way? {
    guard let box = script.middlebox, let own = keepaliveIdle(peer) else { return nil }
    let others = other(peer.name).flatMap { keepaliveIdle($0) }
    guard min(own, others ?? own) > box.idle + .seconds(1) else { return nil }
    return meeting(from: peer, box)
  }
}
