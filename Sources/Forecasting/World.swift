internal import Judge
internal import LabScript
internal import Timeline
internal import TimerModel

/// What the forecaster knows at a step: the script's own time, the connections, and what is broken between them.
struct World {
  let script: Script
  private(set) var clock = Duration.zero
  /// The script's own time at the last step that did something.
  private(set) var lastDeed = Duration.zero
  private var line = 0
  private(set) var ways: Ways
  /// By the peer's name.
  private(set) var connections: [String: Connection] = [:]
  private var started: Set<String> = []
  private var frozen: Set<String> = []
  /// Those that have asked something on their connection.
  private var asked: Set<String> = []
  /// By a peer that reads nothing: how many bytes wait for it.
  private var unread: [String: Int] = [:]
  /// By the listener's host: when a SYN was answered there with a SYN-ACK that got lost.
  private(set) var requests: [String: (since: Occurrence, listener: PeerDeclaration, client: PeerDeclaration)] = [:]

  init(script: Script) {
    self.script = script
    ways = Ways(network: script.network, family: script.family)
  }

  /// Lets the script's own time pass.
  mutating func pass(_ duration: Duration) { clock += duration }

  /// Does what a step does.
  mutating func `do`(_ action: Action, line: Int) {
    lastDeed = clock
    self.line = line
    switch action {
    case .start(let peer): start(peer)
    case .types(let peer, let text): type(peer, text)
    case .signal(.freeze, let peer): frozen.insert(peer)
    case .signal(.thaw, let peer): thaw(peer)
    case .signal(_, let peer): end(peer)
    case .power(let fault, let host): power(fault, host)
    case .wire(let fault, let host): ways.wire(fault, host)
    case .firewall(let rule): ways.add(rule)
    case .clearFirewall: ways.clearRules()
    case .forgetFlows: for peer in connections.keys { connections[peer]?.isForgottenByBox = true }
    case .endsInput(let peer): endInput(peer)
    case .wait, .expect: break
    }
    noteBreaks()
  }

  /// The declaration of a peer.
  func declaration(_ peer: String) -> PeerDeclaration? { script.peers.first { $0.name == peer } }

  func options(_ peer: String) -> PeerOptions { PeerOptions(declaration(peer)?.command ?? []) }

  /// The peer at the other end of a peer's connection.
  func other(_ peer: String) -> PeerDeclaration? {
    guard let own = declaration(peer) else { return nil }
    let role = role(of: own)
    let candidates = script.peers.filter { candidate in
      guard candidate.name != peer else { return false }
      switch (role, self.role(of: candidate)) {
      case (.connects(candidate.host, let port), .listens(let listening)): return port == listening
      case (.listens(let listening), .connects(own.host, let port)): return port == listening
      default: return false
      }
    }
    return candidates.first { connections[$0.name] != nil } ?? candidates.first
  }

  /// What a peer's packets meet.
  func way(from peer: String) -> Ways.Way {
    guard let own = declaration(peer) else { return .unknown }
    let (there, port): (String, Int)
    switch role(of: own) {
    case .connects(let host, let number): (there, port) = (host, number)
    case .listens(let number):
      guard let other = other(peer) else { return .unknown }
      (there, port) = (other.host, number)
    case .unknown: return .unknown
    }
    guard script.hosts.contains(where: { $0.name == there }) else { return .unknown }
    let way = ways.way(from: own.host, to: there, port: port)
    guard case .open = way else { return way }
    if connections[peer]?.isForgotten == true { return .broken(.powerCycled) }
    return wayThroughBox(from: own)
  }

  /// What a program does first; who connects to a balancer connects to the host behind it.
  func role(of peer: PeerDeclaration) -> PeerOptions.Role {
    let role = PeerOptions(peer.command).role
    guard case .connects(Middlebox.balancerName, let port) = role, let box = script.middlebox, let host = box.host
    else { return role }
    return .connects(host: host, port: port)
  }

  private func now(_ mark: Forecast.Mark?) -> Occurrence { Occurrence(clock: clock, mark: mark) }

  /// Notes when a way is found broken; a connection whose way is mended goes on in a manner nobody foresees.
  private mutating func noteBreaks() {
    for (peer, connection) in connections {
      if case .open = way(from: peer) {
        var mended = connection
        if connection.brokenSince != nil, case .unacknowledged = connection.data { mended.isUncertain = true }
        mended.brokenSince = nil
        connections[peer] = mended
      } else if connection.brokenSince == nil {
        var broken = connection
        broken.brokenSince = now(nil)
        connections[peer] = broken
      }
    }
  }

  // MARK: Beginning

  private mutating func start(_ peer: String) {
    started.insert(peer)
    frozen.remove(peer)
    asked.remove(peer)
    connections[peer] = nil
    guard case .connects = options(peer).role, !options(peer).isRepl else { return }
    connect(peer)
  }

  private mutating func connect(_ peer: String) {
    guard let own = declaration(peer), case .connects(let host, _) = role(of: own) else { return }
    let start = now(.entry(peer: peer, call: "connect", after: line))
    let received = now(.call(peer: peer, name: "connect", after: line))
    var connection = Connection(start: start, opening: .unknown, received: received)
    let listener = other(peer)
    if let listener, let backlog = options(listener.name).backlog, backlog < script.peers.count {
      // Whether there is room is beyond what is known here.
      connection.opening = .unknown
    } else if let listener, ways.losesSYNACKs(from: listener.host, to: own.host) {
      connection.opening = .into(Path(failure: .silence))
      requests[listener.host] = (start, listener, own)
    } else {
      switch way(from: peer) {
      case .open:
        let listens = listener.map { started.contains($0.name) } ?? mayListen(on: host)
        connection.opening = listens ? .open : .refused
        ways.acquaint(own.host, host)
      case _ where options(peer).givesUpConnecting: connection.opening = .unknown
      case .broken(let failure): connection.opening = .into(Path(failure: failure))
      case .oneWay: connection.opening = .into(Path(failure: .silence))
      case .lossy, .unknown: connection.opening = .unknown
      }
    }
    switch options(peer).talk {
    case .typed: break
    case .asksOnce: connection.received = now(.exit(peer: peer, call: "read", after: line))
    case .answered, .byItself: connection.isDisturbed = true
    }
    connections[peer] = connection
    guard case .open = connection.opening, let listener, connections[listener.name] == nil else { return }
    let accepted = now(.exit(peer: listener.name, call: "accept", after: line))
    var served = Connection(start: accepted, opening: .open, received: accepted)
    served.isDisturbed = options(listener.name).talk == .byItself
    connections[listener.name] = served
  }

  /// Whether a program runs on the host of which nothing is known: it may be the one that is connected to.
  private func mayListen(on host: String) -> Bool {
    script.peers.contains { peer in
      guard peer.host == host, started.contains(peer.name) else { return false }
      // Two words that look like a host and a port may be something else.
      if case .connects(let there, _) = options(peer.name).role { return !script.hosts.contains { $0.name == there } }
      return options(peer.name).role == .unknown
    }
  }

  // MARK: Data

  private mutating func type(_ peer: String, _ text: String) {
    guard !frozen.contains(peer) else {
      connections[peer]?.isUncertain = true
      return
    }
    guard options(peer).isRepl else { return write(peer, bytes: text.utf8.count + 1) }
    switch TypedCall(text) {
    case .connect: connect(peer)
    case .write(let bytes): write(peer, bytes: bytes)
    case .close(let call):
      connections[peer]?.isHeld = call == "shutdown"
      if connections[peer]?.closed == nil { close(peer, now(.exit(peer: peer, call: call, after: line))) }
    case .other: break
    }
  }

  private mutating func write(_ peer: String, bytes: Int) {
    guard connections[peer] != nil else { return }
    let occurrence = now(.call(peer: peer, name: "write", after: line))
    switch way(from: peer) {
    case .open:
      if options(peer).talk == .answered {
        // Its last packet is the answer, which it reads as soon as it comes. What is typed first may meet it logging in.
        touch(peer, now(.exit(peer: peer, call: "read", after: line)))
        connections[peer]?.isDisturbed = asked.insert(peer).inserted
        return
      }
      guard let other = other(peer) else { return }
      if isReading(other.name) {
        touch(peer, occurrence)
        touch(other.name, occurrence)
      } else {
        fill(other, by: peer, bytes, occurrence)
      }
    case .broken, .oneWay(lost: .there):
      guard case .none? = connections[peer]?.data else { return }
      if hasProbed(peer) {
        connections[peer]?.isUncertain = true
        return
      }
      connections[peer]?.data = .unacknowledged(occurrence, bytes: bytes)
    case .oneWay(lost: .back):
      // The other end receives it, again and again.
      if let other = other(peer) { connections[other.name]?.isDisturbed = true }
      guard case .none? = connections[peer]?.data else { return }
      connections[peer]?.data = .unacknowledged(occurrence, bytes: bytes)
    case .lossy, .unknown:
      connections[peer]?.isUncertain = true
      if let other = other(peer) { connections[other.name]?.isUncertain = true }
    }
  }

  private mutating func touch(_ peer: String, _ occurrence: Occurrence) {
    connections[peer]?.received = occurrence
    connections[peer]?.isForgottenByBox = false
  }

  /// Whether keepalive has begun to probe a way that is broken: a program that only waits for input does not notice what
  /// comes of it, and its next write meets a connection that may have ended.
  private func hasProbed(_ peer: String) -> Bool {
    let options = options(peer)
    guard options.talk == .answered, let keepalive = options.options.keepalive,
      let since = connections[peer]?.brokenSince?.clock
    else { return false }
    return clock - since >= .seconds(keepalive.idle ?? 7200)
  }

  private func isReading(_ peer: String) -> Bool { !frozen.contains(peer) && !options(peer).isRepl }

  /// Puts data into the buffer of a program that does not read.
  private mutating func fill(_ other: PeerDeclaration, by peer: String, _ bytes: Int, _ occurrence: Occurrence) {
    let waiting = unread[other.name, default: 0] + bytes
    unread[other.name] = waiting
    // Linux doubles the size that a program asks for, and the window is never larger than that. What is certainly
    // taken is a quarter of the size, or of the default of tcp_rmem.
    let asked = options(other.name).receiveBuffer
    if let asked, waiting > 2 * asked {
      if case .none? = connections[peer]?.data { connections[peer]?.data = .stuck(occurrence) }
    } else if waiting <= (asked ?? 131_072) / 4 {
      touch(peer, occurrence)
      touch(other.name, occurrence)
    } else {
      connections[peer]?.isUncertain = true
    }
  }

  private mutating func thaw(_ peer: String) {
    frozen.remove(peer)
    guard unread.removeValue(forKey: peer) != nil, let other = other(peer) else { return }
    // It reads now, and window updates go back.
    connections[other.name]?.isUncertain = true
  }

  // MARK: Ends

  private mutating func end(_ peer: String) {
    frozen.remove(peer)
    connections[peer]?.isHeld = false
    guard connections[peer]?.closed == nil else { return }
    let occurrence = now(.end(peer: peer, after: line))
    guard options(peer).resetsAtEnd || unread[peer] != nil else { return close(peer, occurrence) }
    connections[peer] = nil
    if let other = other(peer) { connections[other.name] = nil }
  }

  private mutating func endInput(_ peer: String) {
    let options = options(peer)
    // Only a program that takes the end of its input for its own closes then.
    if options.isRepl { close(peer, now(.end(peer: peer, after: line))) }
    if declaration(peer)?.command.contains("--quiet") == true { connections[peer]?.isUncertain = true }
  }

  private mutating func close(_ peer: String, _ occurrence: Occurrence) {
    connections[peer]?.closed = occurrence
    let isFirst = other(peer).map { connections[$0.name]?.closed == nil } ?? true
    connections[peer]?.closedFirst = isFirst
    guard case .open = way(from: peer), let other = other(peer) else { return }
    connections[peer]?.finAcknowledged = true
    touch(other.name, occurrence)
    connections[other.name]?.otherClosed = occurrence
    if connections[other.name]?.closed != nil {
      connections[peer]?.finAcknowledged = true
      connections[other.name]?.otherClosed = occurrence
    } else if options(other.name).closesAtEnd, isReading(other.name) {
      let answer = now(.exit(peer: other.name, call: "close", after: line))
      connections[other.name]?.closed = answer
      connections[other.name]?.finAcknowledged = true
      connections[peer]?.otherClosed = answer
    }
  }

  private mutating func power(_ fault: PowerFault, _ host: String) {
    ways.power(fault, host)
    guard fault != .on else { return }
    requests[host] = nil
    for peer in script.peers where peer.host == host {
      started.remove(peer.name)
      guard connections.removeValue(forKey: peer.name) != nil, let other = other(peer.name) else { continue }
      if fault == .reboot {
        // Its programs said goodbye.
        connections[other.name]?.isUncertain = true
      } else {
        connections[other.name]?.isForgotten = true
      }
    }
  }
}
