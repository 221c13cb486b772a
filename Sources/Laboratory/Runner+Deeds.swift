internal import LabScript
internal import Sockets
internal import Timeline

// What steps do: each deed is told just before it is done, so that nothing it causes can come before it.

extension Runner {
  /// Does a step that is a deed.
  func act(_ step: Step) throws(Stop) {
    capture.begin(step)
    defer { capture.finish(step) }
    switch step.action {
    case .start(let name): try start(name)
    case .types(let name, let text):
      sink.note(.input(text: text), host: peers[name]?.declaration.host, peer: name)
      peers[name]?.type(text + "\n")
    case .endsInput(let name):
      sink.note(.input(text: nil), host: peers[name]?.declaration.host, peer: name)
      peers[name]?.endInput()
    case .signal(let signal, let name): send(signal, to: name, step)
    case .power(let fault, let name): try power(fault, name, step)
    case .wire(let fault, let name):
      sink.note(.fault(line: step.line, text: step.text), host: name)
      try checked { () throws(LaboratoryError) in try network.change(place(name), fault) }
    case .firewall(let rule):
      sink.note(.fault(line: step.line, text: step.text))
      try checked { () throws(LaboratoryError) in try firewall.add(rule) }
    case .clearFirewall:
      sink.note(.fault(line: step.line, text: step.text))
      try checked { () throws(LaboratoryError) in try firewall.clear() }
    case .forgetFlows:
      sink.note(.fault(line: step.line, text: step.text))
      try checked { () throws(LaboratoryError) in try tracker?.forget() }
    case .wait, .expect: break
    }
  }

  private func checked(_ body: () throws(LaboratoryError) -> Void) throws(Stop) {
    do { try body() } catch { throw .broken(error) }
  }

  private func place(_ name: String) throws(LaboratoryError) -> Place {
    guard let place = network.places.first(where: { $0.host == name }) else {
      throw LaboratoryError("there is no host '\(name)'")
    }
    return place
  }

  private func start(_ name: String) throws(Stop) {
    guard let declaration = script.peers.first(where: { $0.name == name }), let host = hosts[declaration.host] else {
      throw .broken(LaboratoryError("peer '\(name)' cannot start: its host is off"))
    }
    let moment = sink.now
    do {
      let peer = try Peer(declaration, entrances: host.entrances, environment: environment, directory: directory)
      peers[name] = peer
      endedPeers.remove(name)
      sink.note(
        Event(
          time: moment,
          host: declaration.host,
          peer: name,
          body: .started(command: declaration.commandText, pid: Int64(peer.process))
        )
      )
    } catch {
      throw .broken(LaboratoryError("peer '\(name)': \(error.description)"))
    }
  }

  private func send(_ signal: PeerSignal, to name: String, _ step: Step) {
    guard let peer = peers[name], !endedPeers.contains(name) else {
      sink.note(.note("\(name) has ended already: \(signal.signalName) reaches nobody"), peer: name)
      return
    }
    sink.note(.fault(line: step.line, text: step.text), host: peer.declaration.host, peer: name)
    // The program leads a process group: what it has forked gets the signal too, as from a terminal.
    Signal(name: signal.signalName)?.send(to: -peer.process)
  }

  // MARK: Power

  private func power(_ fault: PowerFault, _ name: String, _ step: Step) throws(Stop) {
    sink.note(.fault(line: step.line, text: step.text), host: name)
    switch fault {
    case .off: try checked { () throws(LaboratoryError) in try powerOff(name) }
    case .on: try checked { () throws(LaboratoryError) in try powerOnAgain(try place(name)) }
    case .cycle:
      try checked { () throws(LaboratoryError) in
        try powerOff(name)
        try powerOnAgain(try place(name))
      }
    case .reboot:
      try shutDown(name)
      try checked { () throws(LaboratoryError) in
        try powerOff(name)
        try powerOnAgain(try place(name))
      }
    }
  }

  private func powerOnAgain(_ place: Place) throws(LaboratoryError) {
    try network.wire(place)
    try powerOn(place)
  }

  /// Switches a host on whose wire is there, with the script's kernel settings and an empty memory.
  func powerOn(_ place: Place) throws(LaboratoryError) {
    let host = try Host.powerOn(place, network: network, environment: environment)
    if setup.isWatched {
      try capture.open(place, network: network)
      host.sampler.hearsPackets = true
    }
    try network.set(KernelSettings.pinned(for: place.host, in: script), optional: true, in: place.host)
    try network.set(KernelSettings.own(for: place.host, in: script), in: place.host)
    firewall.hostsOff.remove(place.host)
    try firewall.restore(at: place.host)
    hosts[place.host] = host
    host.sampler.hearsStates = watchTrace(of: host)
  }

  /// Cuts a host's power: the wire first, so that not one packet of its dying programs leaves, then the programs.
  private func powerOff(_ name: String) throws(LaboratoryError) {
    guard let host = hosts[name] else { throw LaboratoryError("host '\(name)' is off already") }
    endTrace(of: host)
    try network.change(host.place, .unplug)
    if !host.hasShutDown {
      Signal.kill.send(to: host.initProcess)
      // The kernel kills everything in the host before it lets process 1 go; the peers, our children, must be buried
      // for that.
      while let (process, ending) = ChildProcess.reap(waiting: true) {
        if process == host.initProcess { break }
        bury(process, ending)
      }
    }
    capture.close(name)
    for change in host.sampler.forgetAll() { sink.note(change, host: name) }
    host.sampler.destroyAll()
    hosts[name] = nil
    firewall.hostsOff.insert(name)
    try network.disconnect(host.place)
    try network.tools.run("ip netns del \(name)")
  }

  /// Shuts a host down in order: its programs are asked to end, and their sockets say goodbye over a wire that works.
  private func shutDown(_ name: String) throws(Stop) {
    guard let host = hosts[name] else { throw .broken(LaboratoryError("host '\(name)' is off already")) }
    let running = { [self] in
      script.peers.contains { $0.host == name && peers[$0.name] != nil && !endedPeers.contains($0.name) }
    }
    host.isShuttingDown = true
    Signal.terminate.send(to: host.initProcess)
    let limit = Clock.monotonic + Int64(HostInit.graceInSeconds + 1) * 1_000_000_000
    try pump(until: limit) { !host.hasShutDown || running() }
    // The network of a machine that shuts down outlives its programs for a moment: long enough for a goodbye that is
    // answered.
    host.sampler.ring(at: Clock.monotonic)
    try pump(until: Clock.monotonic + 1_000_000_000) {
      host.sampler.sockets.contains { $0.state != .listen && $0.state != .timeWait }
    }
  }
}
