internal import LabScript
internal import Sockets
internal import Timeline
internal import Tracing

/// Runs one lab: builds its network, does its steps in order, and tells every event.
///
/// It never judges.
///
/// One thread and one poll loop (``pump(until:while:)``): all that peers and kernels say is read there, also while a
/// step waits. Short tools (`ip`, `iptables`) are run to their end in between.
final class Runner: StepRunner {
  typealias Stop = RunStop

  private(set) var script: Script
  private(set) var setup: LaboratorySetup
  let sink: EventSink
  let network: Network
  let firewall: Firewall
  /// The middle box, if the lab has one.
  let tracker: ConnectionTracker?
  let capture: Capture
  private(set) var environment: [String]
  private(set) var directory: String
  /// Whether the network is built and the hosts are on.
  private var isBuilt = false
  /// Why there is a host without the files that the lab prepares.
  private var preparationError: LaboratoryError?
  /// The kernel's tracepoints, where they can be read.
  let kernelTrace: KernelTrace?
  /// What a reader must know of how the sockets are watched.
  private let watchNote: String?
  private let signals: SignalQueue
  /// The kernel's count of its ticks at the zero of the monotonic clock, if this process may know it.
  private let jiffies = Jiffies.count(atMonotonic: 0)
  /// What a hypervisor takes away; in virtual time there is none.
  private let stolen: StolenTime?
  private var lastLookForStolen: Int64 = 0
  /// Readable or hung up when the front is gone: standard input, over which the setup came.
  private let lifeline: CInt = 0

  var hosts: [String: Host] = [:]
  var peers: [String: Peer] = [:]
  var endedPeers: Set<String> = []
  /// The events that a `wait` or `expect` has used up: the next one looks for another.
  var usedEvents: Set<Int> = []
  /// When the last deed began, and how many events had been told by then.
  var anchor: (moment: Moment, index: Int) = (.zero, 0)

  init(
    script: Script,
    setup: LaboratorySetup,
    sink: EventSink,
    environment: [String],
    directory: String,
    kernel: String
  ) throws(LaboratoryError) {
    self.script = script
    self.setup = setup
    self.sink = sink
    self.environment = environment
    self.directory = directory
    stolen = setup.clock == Beginning.realClock ? StolenTime() : nil
    let tools = Tools(environment: environment, family: script.family) { sink.note(.command(text: $0)) }
    network = Network(kind: script.network, family: script.family, places: Place.all(in: script), tools: tools)
    let network = network
    firewall = Firewall(network, hasMiddlebox: script.middlebox != nil)
    tracker = script.middlebox.map { ConnectionTracker(box: $0, network: network) }
    (kernelTrace, watchNote) = Runner.openTrace(isWatched: setup.isWatched)
    do throws(SystemError) {
      var file: CaptureFile?
      if setup.capturesToFile { file = try CaptureFile(output: LaboratorySetup.captureDescriptor, kernel: kernel) }
      capture = Capture(script: script, places: network.places, sink: sink, file: file)
    } catch {
      throw LaboratoryError("the capture file", error)
    }
    do {
      signals = try SignalQueue([.childEnded])
    } catch {
      throw LaboratoryError("watching child processes", error)
    }
  }

  /// Builds the network, switches the hosts on and prepares their disks, as far as labs of the same groundwork have them in
  /// common.
  func build() throws(LaboratoryError) {
    isBuilt = true
    try Host.writeNames(network.places, script)
    try Disk.make(for: script)
    try network.build()
    try tracker?.install()
    for place in network.places { try powerOn(place) }
    do throws(LaboratoryError) { try prepareDisks() } catch { preparationError = error }
  }

  /// Runs what makes the files on the hosts' disks.
  private func prepareDisks() throws(LaboratoryError) {
    for host in network.places.compactMap({ hosts[$0.host] }) {
      let preparation = DiskPreparation(of: host, in: script, environment: environment, directory: directory)
      for command in preparation?.commands ?? [] { network.tools.note(command) }
      try preparation?.run(store: setup.diskStore)
    }
  }

  /// Puts the lab's own files on the disks; throws if something is missing there that was to be prepared.
  private func fillDisks() throws(LaboratoryError) {
    if let preparationError { throw preparationError }
    try Disk.fill(for: script)
  }

  /// Takes over a lab of its own after the network was built for another one of the same groundwork.
  func adopt(_ script: Script, _ setup: LaboratorySetup, environment: [String], directory: String, kernel: String)
    throws(LaboratoryError)
  {
    guard script.groundwork == self.script.groundwork else {
      throw LaboratoryError("the laboratory was built for another network")
    }
    self.script = script
    self.setup = setup
    self.environment = environment
    self.directory = directory
    try fillDisks()
    do throws(SystemError) {
      if setup.capturesToFile {
        try capture.save(
          to: try CaptureFile(output: LaboratorySetup.captureDescriptor, kernel: kernel),
          places: network.places
        )
      }
    } catch {
      throw LaboratoryError("the capture file", error)
    }
    for place in network.places {
      try network.set(KernelSettings.own(for: place.host, in: script), in: place.host)
    }
  }

  /// Does every step, in a network that is built if it is not there yet.
  func run(kernel: String) throws(Stop) {
    // Where the network was built before, whoever did that has looked, and filled the disks, too.
    try building { () throws(LaboratoryError) in
      guard !isBuilt else { return }
      try PeerPrograms(environment: environment, directory: directory).check(script)
      try build()
      try fillDisks()
    }
    sink.startClock()
    sink.begin(beginning(kernel: kernel))
    if let watchNote { sink.note(.note(watchNote)) }
    for step in script.steps { try run(step) }
    try pump(until: Clock.monotonic)
    // What became of the last packets is worth a moment.
    try pump(until: Clock.monotonic + Capture.grace + 2_000_000) { capture.isExpecting }
  }

  /// What the timeline begins with.
  func beginning(kernel: String) -> Beginning {
    Beginning(
      lab: script.name,
      path: setup.path,
      script: setup.script,
      variant: script.variant,
      family: script.family.rawValue,
      parameters: script.parameters.map { ($0.name, $0.value) },
      clock: setup.clock,
      clockAtStart: sink.origin,
      wallClockAtStart: Clock.realtime,
      kernel: kernel,
      hz: Clock.hz,
      jiffies: jiffies.map { $0 + sink.origin / Clock.tick }
    )
  }

  private static func openTrace(isWatched: Bool) -> (KernelTrace?, String?) {
    guard isWatched else { return (nil, "neither packets nor tracepoints are watched: --no-capture") }
    switch KernelTrace.ofThisMachine() {
    case .success(let trace): return (trace, nil)
    case .failure(let error):
      let reason =
        error.errno == .notPermitted
        ? "tracepoints are only for the machine's root" : "no tracepoints, \(error.description)"
      return (nil, "states are sampled here, to some milliseconds: \(reason)")
    }
  }

  /// Takes in the last packets, whose fates may stay open.
  func finishCapture() throws(LaboratoryError) {
    for host in hosts.values { endTrace(of: host) }
    try capture.finish()
  }

  private func building(_ body: () throws(LaboratoryError) -> Void) throws(Stop) {
    do { try body() } catch { throw .broken(error) }
  }

  func sockets(of host: String) -> [SocketSample] { hosts[host]?.sampler.sockets ?? [] }

  func ask(_ host: String, at time: Int64) { hosts[host]?.sampler.ring(at: time) }

  /// Leaves nothing behind that the kernel would keep for a while: orphaned sockets keep their network namespace.
  func destroySockets() {
    for host in hosts.values { host.sampler.destroyAll() }
  }

  /// Reads what peers and kernels say until `deadline` (monotonic clock) or until `pending` says that it is enough.
  func pump(until deadline: Int64, while pending: () -> Bool) throws(Stop) {
    do {
      // What is there already is taken in first, so that nobody waits for what has happened.
      try turn(until: Clock.monotonic)
      while Clock.monotonic < deadline && pending() { try turn(until: deadline) }
    } catch {
      switch error {
      case .stop(let stop): throw stop
      case .system(let error):
        if error.errno == .brokenPipe { throw .frontGone }
        throw .broken(LaboratoryError("the laboratory's loop", error))
      }
    }
  }

  private enum TurnError: Error {
    case stop(Stop)
    case system(SystemError)
  }

  /// One turn of the loop: sleeps until something happens or is due, and takes it in.
  private func turn(until deadline: Int64) throws(TurnError) {
    var dead: LaboratoryError?
    do throws(SystemError) {
      try sink.flush()
      var entries = [PollEntry(lifeline, .readable), PollEntry(signals.descriptor, .readable)]
      let samplers = hosts.values.map(\.sampler)
      entries += samplers.map { PollEntry($0.descriptor, .readable) }
      if let trace = kernelTrace { entries.append(PollEntry(trace.descriptor, .readable)) }
      let rings = capture.descriptors
      entries += rings.map { PollEntry($0, .readable) }
      for peer in peers.values { entries += peer.interests }
      let dues = samplers.compactMap(\.due) + peers.values.compactMap(\.due) + [capture.due ?? deadline, deadline]
      let wake = dues.min() ?? deadline
      let slept = Clock.monotonic
      _ = try poll(&entries, timeout: .nanoseconds(max(0, wake - slept)))
      let computed = Clock.processorTime
      var reason = min(wake, Clock.monotonic)
      let ready = Set(entries.filter { !$0.ready.isEmpty }.map(\.descriptor))
      if ready.contains(lifeline) { throw SystemError(call: "read", errno: .brokenPipe) }
      takeTrace()
      listen(to: ready)
      let isDue = capture.isRested || (capture.due ?? .max) <= Clock.monotonic
      if isDue || rings.contains(where: { ready.contains($0) }) {
        for host in capture.takeIn() { hosts[host]?.sampler.ring(at: Clock.monotonic) }
        if let frame = capture.oldestOfLastReading { reason = min(reason, frame) }
      }
      dead = reapChildren()
      if dead == nil { try takeSamples() }
      noteLateness(from: max(reason, slept), computing: Clock.processorTime - computed, slack: (wake - slept) / 200)
      try sink.flush()
    } catch {
      throw .system(error)
    }
    if let dead { throw .stop(.broken(dead)) }
  }

  /// From so many nanoseconds on it is told: what the judge allows an observer anyhow.
  private static let noticeableLateness: Int64 = 20_000_000

  /// Tells it if this process had to wait for a processor since `reason`, when there was something to do, or if a processor
  /// was taken from the machine while it slept.
  ///
  /// - Parameters:
  ///   - computing: For how long it has had one since.
  ///   - slack: By how much poll(2) itself may be late (fs/select.c, `select_estimate_accuracy`): a thousandth of its time,
  ///     five thousandths in a process of low priority, but no more than 100 ms.
  private func noteLateness(from reason: Int64, computing: Int64, slack: Int64) {
    let now = Clock.monotonic
    var waited = now - reason - computing - min(max(0, slack), 100_000_000)
    if let stolen, now - lastLookForStolen >= Runner.noticeableLateness {
      lastLookForStolen = now
      waited = max(waited, stolen.sinceLastCall())
    }
    guard waited >= Runner.noticeableLateness else { return }
    sink.note(Event(time: Moment(nanoseconds: now - sink.origin), body: .late(by: waited)))
  }

  private func listen(to ready: Set<CInt>) {
    let now = Clock.monotonic
    for peer in peers.values
    where peer.due.map({ $0 <= now }) ?? false || peer.interests.contains(where: { ready.contains($0.descriptor) }) {
      peer.writeInput()
      let events = peer.read(now: sink.now, origin: sink.origin)
      for event in events { sink.note(event) }
      if !events.isEmpty { hosts[peer.declaration.host]?.sampler.ring(at: Clock.monotonic) }
    }
    for host in hosts.values where ready.contains(host.sampler.descriptor) {
      takeTrace()
      note(host.sampler.takeDeaths(), of: host)
      host.sampler.ring(at: Clock.monotonic)
    }
    if ready.contains(signals.descriptor) { _ = signals.read() }
  }

  /// Buries children that have ended; returns an error if a host's process 1 is among them.
  private func reapChildren() -> LaboratoryError? {
    while let (process, ending) = ChildProcess.reap() {
      if let host = hosts.values.first(where: { $0.initProcess == process }) {
        guard host.isShuttingDown else {
          return LaboratoryError("somebody outside the lab killed process 1 of \(host.place.host)")
        }
        host.hasShutDown = true
      } else {
        bury(process, ending)
      }
    }
    return nil
  }

  /// Tells a peer's end, after all that it said before.
  func bury(_ process: Int32, _ ending: ProcessEnding) {
    guard let peer = peers.values.first(where: { $0.process == process && !endedPeers.contains($0.declaration.name) })
    else { return }
    let name = peer.declaration.name
    endedPeers.insert(name)
    for event in peer.read(now: sink.now, origin: sink.origin) { sink.note(event) }
    sink.note(.ended(PeerEnding(ending)), host: peer.declaration.host, peer: name)
    hosts[peer.declaration.host]?.sampler.ring(at: Clock.monotonic)
  }

  private func takeSamples() throws(SystemError) {
    let now = Clock.monotonic
    for (_, host) in hosts.sorted(by: { $0.key < $1.key }) {
      guard let due = host.sampler.due, due <= now else { continue }
      note(try host.sampler.sample(now: { Clock.monotonic }, catchUp: takeTrace), of: host)
    }
  }

  private func note(_ news: [SocketSampler.News], of host: Host) {
    sink.note(news, host: host.place.host)
  }

  /// Takes in what the kernel's tracepoints have said until now.
  func takeTrace() {
    guard let trace = kernelTrace else { return }
    for record in trace.read() {
      guard let host = hosts.values.first(where: { $0.networkCookie == record.namespace }) else { continue }
      note(host.sampler.take(record), of: host)
    }
  }

  /// Lets the tracepoints tell of a host that was switched on; returns whether they do.
  func watchTrace(of host: Host) -> Bool {
    guard let trace = kernelTrace, let cookie = host.networkCookie else { return false }
    return (try? trace.watch(namespace: cookie)) != nil
  }

  /// Lets them tell no more of a host: what its sockets do when its power fails is nothing that a dying machine does.
  func endTrace(of host: Host) {
    guard let trace = kernelTrace, let cookie = host.networkCookie else { return }
    takeTrace()
    let lost = trace.lostCount(namespace: cookie)
    if lost > 0 {
      sink.note(.note("\(lost) records of tracepoints came too fast and are not shown"), host: host.place.host)
    }
    trace.ignore(namespace: cookie)
  }
}

extension PeerEnding {
  /// How a program ended, as the timeline has it.
  init(_ ending: ProcessEnding) {
    self =
      switch ending {
      case .exited(let status): .exited(Int64(status))
      case .signaled(let signal): .signaled(signal.name)
      }
  }
}
