// What is done to hosts, wires and peers, and what cannot be done to them.

extension Rehearsal {
  /// Does a step that is a deed.
  mutating func deed(_ step: Step, at subject: Place) {
    switch step.action {
    case .start(let peer): start(peer, step.line, subject)
    case .types(let peer, _): input(peer, "typed to", step.line, subject)
    case .endsInput(let peer):
      input(peer, "told that its input ends", step.line, subject)
      peers[peer]?.inputEndedIn = step.line
    case .signal(let signal, let peer): send(signal, peer, step.line, subject)
    case .power(let fault, let host): power(fault, host, step.line, subject)
    case .wire(let fault, let host): wire(fault, host, step.line, subject)
    case .firewall, .clearFirewall, .forgetFlows, .wait, .expect: break
    }
  }

  // MARK: Peers

  private mutating func start(_ name: String, _ line: Int, _ place: Place) {
    guard let peer = peers[name] else { return }
    if !isUnknown(name) {
      if case .running(let since) = peer.life {
        complain(
          place,
          "'\(name)' is running since line \(since)",
          help: "write 'wait \(name) exits' between, if it ends by itself"
        )
      } else if let host = peer.host, !isUnknown(host), let since = hosts[host]?.offSince {
        complain(
          place,
          "'\(name)' cannot start: \(host) is without power since line \(since)",
          help: "write before: power on \(host)"
        )
      }
    }
    peers[name]?.life = .running(line: line)
    peers[name]?.wasStarted = true
    peers[name]?.frozenSince = nil
    peers[name]?.inputEndedIn = nil
    if let host = peer.host { hosts[host]?.hadPeer = true }
  }

  private mutating func input(_ name: String, _ what: String, _ line: Int, _ place: Place) {
    guard let peer = peers[name], !isUnknown(name) else { return }
    if let reason = absence(of: name) {
      complain(place, "nothing can be \(what) '\(name)': \(reason)", help: remedy(for: name))
      assumePresent(name)
    } else if let ended = peer.inputEndedIn {
      complain(place, "nothing can be \(what) '\(name)': its input ended in line \(ended)")
    }
  }

  private mutating func send(_ signal: PeerSignal, _ name: String, _ line: Int, _ place: Place) {
    guard let peer = peers[name] else { return }
    if !isUnknown(name) {
      if let reason = absence(of: name) {
        complain(place, "'\(name)' gets no signal: \(reason)", help: remedy(for: name))
        assumePresent(name)
      } else if signal == .freeze, let since = peer.frozenSince {
        complain(place, "'\(name)' is frozen since line \(since)", help: "leave one of them out, or thaw it between")
      } else if signal == .thaw, peer.frozenSince == nil {
        complain(place, "'\(name)' is not frozen", help: "write before: freeze \(name)")
      }
    }
    switch signal {
    case .kill: peers[name]?.life = .killed(line: line)
    case .interrupt, .terminate: peers[name]?.life = .uncertain
    case .freeze: peers[name]?.frozenSince = line
    case .thaw: peers[name]?.frozenSince = nil
    }
  }

  /// Why a peer is not there; `nil` if it is, or may be.
  func absence(of name: String) -> String? {
    guard let peer = peers[name], !isUnknown(name) else { return nil }
    switch peer.life {
    case .running, .uncertain: return nil
    case .notStarted: return "it is not started"
    case .killed(let line): return "it was killed in line \(line)"
    case .ended(let line): return "line \(line) goes on only after it has ended"
    case .vanished(let line): return "it vanished when \(peer.host ?? "its host") lost its power in line \(line)"
    }
  }

  /// What would put that right.
  func remedy(for name: String) -> String {
    guard let host = peers[name]?.host, hosts[host]?.offSince != nil else { return "write before: start \(name)" }
    return "write before: power on \(host), and start \(name)"
  }

  /// After a mistake was told, goes on as if there were none.
  mutating func assumePresent(_ name: String) {
    // It may be started below all the same.
    peers[name]?.life = .uncertain
    peers[name]?.wasStarted = true
    if let host = peers[name]?.host { hosts[host]?.hadPeer = true }
  }

  // MARK: Hosts

  private mutating func power(_ fault: PowerFault, _ name: String, _ line: Int, _ place: Place) {
    guard let host = hosts[name] else { return }
    if !isUnknown(name) {
      if fault == .on {
        if host.offSince == nil {
          complain(place, "'\(name)' has power", help: "write before: power off \(name)")
        }
      } else if let since = host.offSince {
        complain(place, "'\(name)' is without power since line \(since)", help: "write before: power on \(name)")
      }
    }
    hosts[name]?.offSince = fault == .off ? line : nil
    guard fault != .on else { return }
    // A new wire comes with the new host.
    hosts[name]?.wire = .whole
    for (peer, state) in peers where state.host == name && state.life != .notStarted {
      peers[peer]?.life = fault == .reboot ? .uncertain : .vanished(line: line)
      peers[peer]?.frozenSince = nil
    }
  }

  private mutating func wire(_ fault: WireFault, _ name: String, _ line: Int, _ place: Place) {
    guard let host = hosts[name] else { return }
    if !isUnknown(name) {
      if let since = host.offSince {
        complain(
          place,
          "'\(name)' is without power since line \(since), and its wire with it",
          help: "write before: power on \(name)"
        )
        return
      }
      if let (message, help) = Rehearsal.objection(to: fault, of: name, host.wire) {
        complain(place, message, help: help)
        return
      }
    }
    switch fault {
    case .restore, .plug: hosts[name]?.wire = .whole
    case .unplug: hosts[name]?.wire = .unplugged(line: line)
    case .cut, .cutInto, .cutOutOf:
      var (into, outOf) = (fault != .cutOutOf, fault != .cutInto)
      if case .cut(let wasInto, let wasOutOf, _) = host.wire { (into, outOf) = (into || wasInto, outOf || wasOutOf) }
      hosts[name]?.wire = .cut(into: into, outOf: outOf, line: line)
    }
  }

  /// Why something cannot be done to a wire, and what would be right.
  private static func objection(to fault: WireFault, of host: String, _ wire: Wire) -> (String, String)? {
    switch (fault, wire) {
    case (.plug, .whole): ("'\(host)' is not unplugged", "write before: unplug \(host)")
    case (.plug, .cut(_, _, let line)): ("'\(host)' is cut since line \(line), not unplugged", "write: restore \(host)")
    case (.restore, .whole): ("the wire of '\(host)' is not cut", "write before: cut \(host)")
    case (.restore, .unplugged(let line)):
      ("'\(host)' is unplugged since line \(line), not cut", "write: plug \(host)")
    case (.unplug, .unplugged(let line)), (.cut, .unplugged(let line)), (.cutInto, .unplugged(let line)),
      (.cutOutOf, .unplugged(let line)):
      ("'\(host)' is unplugged since line \(line)", "write before: plug \(host)")
    case (.unplug, .cut(_, _, let line)):
      ("the wire of '\(host)' is cut since line \(line)", "write before: restore \(host)")
    case (.cut, .cut(true, true, let line)), (.cutInto, .cut(true, _, let line)), (.cutOutOf, .cut(_, true, let line)):
      ("the wire of '\(host)' is cut since line \(line)", "write before: restore \(host)")
    default: nil
    }
  }
}
