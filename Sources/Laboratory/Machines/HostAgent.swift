internal import Glibc
internal import LabScript
internal import Netlink
internal import Sockets
internal import Timeline

/// The laboratory of one host that is a machine of its own: it is process 1 there.
///
/// It does what the runner, outside, orders: starts peers, types to them, signals them. It tells the timeline of its
/// host, as seen by its own kernel and by its own clock. One thread and one poll loop.
public final class HostAgent {
  let script: Script
  let host: String
  private let channel: CInt
  let sink: EventSink
  let sampler: SocketSampler
  private let packets: PacketRing
  private let signals: SignalQueue
  let environment: [String]
  let directory: String
  private var orders: LineSplitter
  private var peers: [String: Peer] = [:]
  private var endedPeers: Set<String> = []

  /// Serves the runner over `channel` until that ends; returns only if it cannot go on, with the reason.
  public static func serve(_ channel: CInt) -> String {
    do {
      let agent = try HostAgent(channel)
      while true { try agent.turn(until: .max) { true } }
    } catch {
      let line = AgentAnswer.failed(error.message).line + "\n"
      try? FileIO.writeAll(Array(line.utf8), to: channel)
      Terminal.drain(channel)
      return error.message
    }
  }

  private init(_ channel: CInt) throws(LaboratoryError) {
    self.channel = channel
    orders = LineSplitter(longestLine: .max)
    guard case .become(let host, let text) = AgentOrder(line: try HostAgent.firstLine(channel)),
      let setup = LaboratorySetup(text: text),
      let script = try? setup.readScript(),
      let place = Place.all(in: script).first(where: { $0.host == host })
    else { throw LaboratoryError("the machine's first order cannot be read") }
    self.script = script
    self.host = host
    environment = setup.surroundings?.environment ?? []
    directory = setup.surroundings?.directory ?? "/"
    sink = EventSink(output: channel)
    try HostAgent.join(place, script, environment: environment)
    do throws(SystemError) {
      signals = try SignalQueue([.childEnded])
      sampler = SocketSampler(try SocketDiagnostics())
      sampler.hearsPackets = true
      packets = try PacketRing()
    } catch {
      throw LaboratoryError("watching the machine's sockets", error)
    }
    try rehearse()
    sink.startClock()
    try tell(.clock(now: Clock.monotonic, origin: sink.origin))
  }

  private static func firstLine(_ channel: CInt) throws(LaboratoryError) -> String {
    var line: [UInt8] = []
    do {
      try FileIO.writeAll(Array((AgentAnswer.listening.line + "\n").utf8), to: channel)
      while line.last != UInt8(ascii: "\n"), case .bytes(let bytes) = try FileIO.read(channel, upTo: 1) {
        line += bytes
      }
    } catch {
      throw LaboratoryError("the machine's first order", error)
    }
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  /// Gives the machine its name, its addresses and its kernel settings.
  private static func join(_ place: Place, _ script: Script, environment: [String]) throws(LaboratoryError) {
    let tools = Tools(environment: environment, family: script.family) { _ in }
    do throws(SystemError) {
      try Namespace.setHostName(place.host)
      let lines = ["127.0.0.1 localhost"] + Place.all(in: script).map { "\($0.address) \($0.host)" }
      try FileIO.write(lines.joined(separator: "\n") + "\n", toNew: "/etc/hosts")
    } catch {
      throw LaboratoryError("the machine's name", error)
    }
    let quiet = ["net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6"].map { ($0, "1") }
    try set(quiet + KernelSettings.pinned(for: place.host, in: script), isOptional: true)
    try set(KernelSettings.own(for: place.host, in: script), isOptional: false)
    try tools.run("ip addr add \(place.address)/24 dev eth0")
    try tools.run("ip link set lo up")
    try tools.run("ip link set eth0 up")
    if let gateway = place.gateway { try tools.run("ip route add default via \(gateway)") }
  }

  private static func set(_ settings: [KernelSettings.Entry], isOptional: Bool) throws(LaboratoryError) {
    for setting in settings {
      do throws(SystemError) {
        try KernelSettings.apply(setting)
      } catch {
        if isOptional, error.errno == .noSuchFile { continue }
        throw LaboratoryError("setting \(setting.name) to \(setting.value)", error)
      }
    }
  }

  /// Takes in what happens and obeys orders, until `deadline` or until `pending` says that it is enough.
  private func turn(until deadline: Int64, while pending: () -> Bool) throws(LaboratoryError) {
    while Clock.monotonic < deadline, pending() {
      var received: [AgentOrder] = []
      do throws(SystemError) {
        received = try turn(until: deadline)
      } catch {
        throw LaboratoryError("the machine's loop", error)
      }
      for order in received { try obey(order) }
    }
  }

  /// One turn of the loop; returns the orders that came.
  private func turn(until deadline: Int64) throws(SystemError) -> [AgentOrder] {
    var entries = [channel, signals.descriptor, sampler.descriptor, packets.descriptor].map { PollEntry($0, .readable) }
    for peer in peers.values { entries += peer.interests }
    let wake = ([sampler.due, deadline] + peers.values.map(\.due)).compactMap { $0 }.min() ?? deadline
    _ = try poll(&entries, timeout: wake == .max ? nil : .nanoseconds(max(0, wake - Clock.monotonic)))
    let ready = Set(entries.filter { !$0.ready.isEmpty }.map(\.descriptor))
    if ready.contains(sampler.descriptor) { sink.note(sampler.takeDeaths(), host: host) }
    if ready.contains(packets.descriptor) { _ = packets.drain(isRead: false) { _ in } }
    if ready.contains(sampler.descriptor) || ready.contains(packets.descriptor) { sampler.ring(at: Clock.monotonic) }
    listen(to: ready)
    if ready.contains(signals.descriptor) { _ = signals.read() }
    buryChildren()
    if let due = sampler.due, due <= Clock.monotonic {
      sink.note(try sampler.sample(now: { Clock.monotonic }), host: host)
    }
    try sink.flush()
    guard ready.contains(channel), case .bytes(let bytes) = try FileIO.read(channel) else { return [] }
    return orders.take(bytes).compactMap { AgentOrder(line: $0) }
  }

  private func listen(to ready: Set<CInt>) {
    let now = Clock.monotonic
    for peer in peers.values
    where peer.due.map({ $0 <= now }) ?? false || peer.interests.contains(where: { ready.contains($0.descriptor) }) {
      peer.writeInput()
      let events = peer.read(now: sink.now, origin: sink.origin)
      for event in events { sink.note(event) }
      if !events.isEmpty { sampler.ring(at: Clock.monotonic) }
    }
  }

  private func buryChildren() {
    while let (process, ending) = ChildProcess.reap() {
      guard let peer = peers.values.first(where: { $0.process == process }) else { continue }
      let name = peer.declaration.name
      guard endedPeers.insert(name).inserted else { continue }
      for event in peer.read(now: sink.now, origin: sink.origin) { sink.note(event) }
      sink.note(.ended(PeerEnding(ending)), host: host, peer: name)
      sampler.ring(at: Clock.monotonic)
    }
  }
}

// What the runner orders.
extension HostAgent {
  private func obey(_ order: AgentOrder) throws(LaboratoryError) {
    switch order {
    case .become: break
    case .tellClock: try tell(.clock(now: Clock.monotonic, origin: sink.origin))
    case .rehearse:
      try rehearseWires()
      try tell(.hasRehearsed)
    case .start(let name): try start(name)
    case .type(let name, let text): peers[name]?.type(text + "\n")
    case .endInput(let name): peers[name]?.endInput()
    case .signal(let signal, let name):
      if let peer = peers[name], !endedPeers.contains(name) { Signal(name: signal)?.send(to: -peer.process) }
    case .look: sampler.ring(at: Clock.monotonic)
    case .shutDown: try shutDown()
    }
  }

  private func start(_ name: String) throws(LaboratoryError) {
    guard let declaration = script.peers.first(where: { $0.name == name }) else { return }
    let moment = sink.now
    do {
      let peer = try Peer(declaration, entrances: [], environment: environment, directory: directory)
      peers[name] = peer
      endedPeers.remove(name)
      let body = Event.Body.started(command: declaration.commandText, pid: Int64(peer.process))
      sink.note(Event(time: moment, host: host, peer: name, body: body))
    } catch {
      throw LaboratoryError("peer '\(name)': \(error.description)")
    }
  }

  /// Asks every program to end, as an orderly reboot does, and lets their sockets say goodbye.
  private func shutDown() throws(LaboratoryError) {
    let running = { [self] in peers.keys.contains { !endedPeers.contains($0) } }
    for peer in peers.values where !endedPeers.contains(peer.declaration.name) {
      Signal.terminate.send(to: -peer.process)
      // A stopped program gets the signal only when it goes on.
      Signal(rawValue: SIGCONT).send(to: -peer.process)
    }
    try turn(until: Clock.monotonic + Int64(HostInit.graceInSeconds) * 1_000_000_000, while: running)
    sampler.ring(at: Clock.monotonic)
    try turn(until: Clock.monotonic + 1_000_000_000) { [self] in
      sampler.due != nil || sampler.sockets.contains { $0.state != .listen && $0.state != .timeWait }
    }
    try tell(.isDown)
  }

  private func tell(_ answer: AgentAnswer) throws(LaboratoryError) {
    do {
      try sink.flush()
      try FileIO.writeAll(Array((answer.line + "\n").utf8), to: channel)
    } catch {
      throw LaboratoryError("the machine's serial line", error)
    }
  }
}
