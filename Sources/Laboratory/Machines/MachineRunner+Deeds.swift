internal import LabScript
internal import Sockets
internal import Timeline

// What steps do: each deed is told just before it is done, so that nothing it causes can come before it.

extension MachineRunner {
  /// Does a step that is a deed.
  func act(_ step: Step) throws(RunStop) {
    switch step.action {
    case .start(let name):
      guard let host = host(of: name), hosts[host] != nil else {
        throw .broken(LaboratoryError("peer '\(name)' cannot start: its host is off"))
      }
      try order(.start(peer: name), to: host)
    case .types(let name, let text):
      sink.note(.input(text: text), host: host(of: name), peer: name)
      if let host = host(of: name) { try order(.type(peer: name, text: text), to: host) }
    case .endsInput(let name):
      sink.note(.input(text: nil), host: host(of: name), peer: name)
      if let host = host(of: name) { try order(.endInput(peer: name), to: host) }
    case .signal(let signal, let name): try send(signal, to: name, step)
    case .power(let fault, let name): try power(fault, name, step)
    case .wire(let fault, let name):
      sink.note(.fault(line: step.line, text: step.text), host: name)
      do { try house.change(name, fault) } catch { throw .broken(error) }
    case .firewall, .clearFirewall, .forgetFlows, .wait, .expect: break
    }
  }

  private func host(of peer: String) -> String? { script.peers.first { $0.name == peer }?.host }

  private func send(_ signal: PeerSignal, to name: String, _ step: Step) throws(RunStop) {
    guard let host = host(of: name), running[host]?.contains(name) == true else {
      sink.note(.note("\(name) has ended already: \(signal.signalName) reaches nobody"), peer: name)
      return
    }
    sink.note(.fault(line: step.line, text: step.text), host: host)
    try order(.signal(name: signal.signalName, peer: name), to: host)
  }

  private func power(_ fault: PowerFault, _ name: String, _ step: Step) throws(RunStop) {
    sink.note(.fault(line: step.line, text: step.text), host: name)
    if fault == .reboot { try shutDown(name) }
    if fault != .on { try cutPower(name) }
    if fault != .off {
      guard hosts[name] == nil else { throw .broken(LaboratoryError("host '\(name)' is on already")) }
      try switchOn(name)
      try waitUntilReady(name)
    }
  }

  /// Kills the machine; its peers and sockets die with it, which nobody there can tell any more.
  private func cutPower(_ name: String) throws(RunStop) {
    guard let host = hosts.removeValue(forKey: name) else {
      throw .broken(LaboratoryError("host '\(name)' is off already"))
    }
    house.powerOff(name)
    for event in host.read(start: sink.origin) { sink.note(event) }
    for peer in (running.removeValue(forKey: name) ?? []).sorted() {
      sink.note(.ended(.signaled(Signal.kill.name)), host: name, peer: peer)
    }
    for change in host.forgetAll() { sink.note(change, host: name) }
  }

  /// Shuts a machine down in order: its programs are asked to end, and their sockets say goodbye over a wire that works.
  private func shutDown(_ name: String) throws(RunStop) {
    guard let host = hosts[name] else { throw .broken(LaboratoryError("host '\(name)' is off already")) }
    try order(.shutDown, to: name)
    try pump(until: Clock.monotonic + Int64(HostInit.graceInSeconds + 10) * 1_000_000_000) { !host.isDown }
  }
}
