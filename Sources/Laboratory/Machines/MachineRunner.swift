internal import LabScript
internal import Sockets
internal import Timeline

/// Runs one lab whose hosts are machines with kernels of their own: switches them on, does every step in order, and tells
/// every event.
///
/// What happens in a machine is told by its ``HostAgent``. One thread and one poll loop, which is also the network
/// between the machines.
final class MachineRunner: StepRunner {
  let script: Script
  let setup: LaboratorySetup
  let sink: EventSink
  var usedEvents: Set<Int> = []
  var anchor: (moment: Moment, index: Int) = (.zero, 0)
  let house: any MachineHouse
  var hosts: [String: RemoteHost] = [:]
  /// The peers that run, by the host that they run on.
  var running: [String: Set<String>] = [:]
  /// When to ask hosts for a look at their sockets, and when they were asked last, by the monotonic clock.
  private var looks: [String: Int64] = [:]
  private var lastLooks: [String: Int64] = [:]
  private static let shortestStep: Int64 = 20_000_000
  /// Readable or hung up when the front is gone: standard input, over which the setup came.
  private let lifeline: CInt = 0

  /// A run of `script` in the machines of `house`; `setup` must say what surrounds the peers.
  init(script: Script, setup: LaboratorySetup, sink: EventSink, house: any MachineHouse) {
    self.script = script
    self.setup = setup
    self.sink = sink
    self.house = house
  }

  /// Switches every machine on and does every step.
  func run() throws(RunStop) {
    for host in script.hosts { try switchOn(host.name) }
    for host in script.hosts { try waitUntilReady(host.name) }
    for (name, host) in hosts.sorted(by: { $0.key < $1.key }) {
      try order(.rehearse, to: name)
      try pump(until: Clock.monotonic + MachineRunner.bootLimit) { !host.hasRehearsed }
    }
    sink.startClock()
    sink.begin(
      Beginning(
        lab: script.name,
        path: setup.path,
        script: setup.script,
        parameters: script.parameters.map { ($0.name, $0.value) },
        clock: setup.clock,
        clockAtStart: sink.origin,
        wallClockAtStart: Clock.realtime,
        kernel: house.release,
        hz: Int64(house.hz)
      )
    )
    for step in script.steps { try run(step) }
    try pump(until: Clock.monotonic)
  }

  // MARK: What StepRunner asks

  func sockets(of host: String) -> [SocketSample] { hosts[host]?.sockets ?? [] }

  func ask(_ host: String, at time: Int64) {
    // A look costs a machine more than a namespace.
    let earliest = max(time, (lastLooks[host] ?? 0) + MachineRunner.shortestStep)
    looks[host] = min(looks[host] ?? .max, earliest)
  }

  func pump(until deadline: Int64, while pending: () -> Bool) throws(RunStop) {
    try turn(until: Clock.monotonic)
    while Clock.monotonic < deadline && pending() { try turn(until: deadline) }
  }

  /// One turn of the loop: sleeps until something happens or is due, and takes it in.
  private func turn(until deadline: Int64) throws(RunStop) {
    do throws(SystemError) {
      try sink.flush()
      let now = Clock.monotonic
      for (name, time) in looks where time <= now {
        looks[name] = nil
        lastLooks[name] = now
        try hosts[name]?.order(.look)
      }
      let deadline = min(deadline, looks.values.min() ?? deadline)
      var entries = [PollEntry(lifeline, .readable)] + house.interests
      entries += hosts.values.map { PollEntry($0.descriptor, .readable) }
      _ = try poll(&entries, timeout: .nanoseconds(max(0, deadline - Clock.monotonic)))
      let ready = Set(entries.filter { !$0.ready.isEmpty }.map(\.descriptor))
      if ready.contains(lifeline) { throw SystemError(call: "read", errno: .brokenPipe) }
      house.passOn(ready)
      for (name, host) in hosts.sorted(by: { $0.key < $1.key }) where ready.contains(host.descriptor) {
        for event in host.read(start: sink.origin) { take(event, of: name) }
      }
      try sink.flush()
    } catch {
      if error.errno == .brokenPipe { throw .frontGone }
      throw .broken(LaboratoryError("the laboratory's loop", error))
    }
    for (name, host) in hosts.sorted(by: { $0.key < $1.key }) where host.failure != nil || host.hasHungUp {
      let words = house.lastWords(of: name)
      let reason = host.failure ?? "it died by itself"
      throw .broken(
        LaboratoryError("the machine of \(name): \(reason)\(words.isEmpty ? "" : "; its last words: \(words)")")
      )
    }
  }

  private func take(_ event: Event, of host: String) {
    if let peer = event.peer {
      switch event.body {
      case .started: running[host, default: []].insert(peer)
      case .ended: running[host]?.remove(peer)
      default: break
      }
    }
    sink.note(event)
  }

  // MARK: Power

  /// Switches a machine on; it boots meanwhile.
  func switchOn(_ name: String) throws(RunStop) {
    do { hosts[name] = RemoteHost(try house.powerOn(name)) } catch { throw .broken(error) }
  }

  /// Waits until a machine has booted and its clock has been compared with this one's.
  func waitUntilReady(_ name: String) throws(RunStop) {
    guard let host = hosts[name] else { return }
    let limit = Clock.monotonic + MachineRunner.bootLimit
    try pump(until: limit) { !host.isListening }
    if host.isListening { try order(.become(host: name, setup: setup.text), to: name) }
    try pump(until: limit) { !host.isReady }
    guard host.isReady else {
      throw .broken(
        LaboratoryError("the machine of \(name) has not booted within two minutes: \(house.lastWords(of: name))")
      )
    }
    for _ in 0..<MachineRunner.clockRounds {
      let before = host.answers
      try order(.tellClock, to: name)
      try pump(until: Clock.monotonic + MachineRunner.bootLimit) { host.answers == before }
    }
  }

  private static let bootLimit: Int64 = 120_000_000_000
  /// How often the clocks are compared: the quickest answer counts.
  private static let clockRounds = 10

  /// Gives a machine's agent an order.
  func order(_ order: AgentOrder, to name: String) throws(RunStop) {
    do {
      try hosts[name]?.order(order)
    } catch {
      throw .broken(LaboratoryError("the machine of \(name)", error))
    }
  }
}
