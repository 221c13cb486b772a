internal import Timeline
internal import TimerModel

/// What a peer's command line says of its socket.
///
/// Of most programs other than dnc only the role is understood, and of some whether they close; more of those in
/// PeerOptions+Programs.swift.
struct PeerOptions {
  /// What the program does first.
  enum Role: Hashable {
    case listens(port: Int)
    case connects(host: String, port: Int)
    case unknown
  }

  var role = Role.unknown
  /// The socket options that it sets.
  var options = SocketOptions()
  /// Whether it closes its end when the other has closed.
  var closesAtEnd = true
  /// Whether it makes calls only as they are typed.
  var isRepl = false
  /// The receive buffer it asks for, in bytes.
  var receiveBuffer: Int?
  /// Whether its end says goodbye with an RST.
  var resetsAtEnd = false
  /// How many connections may wait for its accept; `nil` for enough.
  var backlog: Int?

  /// When its packets come.
  var talk = Talk.typed
  /// Whether it gives up connecting by a limit of its own.
  var givesUpConnecting = false

  /// Reads a command line.
  init(_ command: [String]) {
    let program = command.first?.split(separator: "/").last.map(String.init) ?? ""
    if let known = PeerOptions.known(program, command.dropFirst()) {
      self = known
      return
    }
    let isDnc = program == "dnc"
    closesAtEnd =
      isDnc
      ? command.contains("--close-on-eof") || command.contains("--quiet") : !PeerOptions.stayingOpen.contains(program)
    isRepl = isDnc && command.contains("--repl")
    var operands: [String] = []
    var listens = false
    var words = command.dropFirst()
    while let word = words.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      if word.hasPrefix("--"), let name = parts.first {
        guard isDnc, PeerOptions.valued.contains(name) else { continue }
        guard let value = parts.count > 1 ? parts[1] : words.popFirst() else { continue }
        take(name, value)
      } else if word.hasPrefix("-"), word.count > 1 {
        if word.contains("l") { listens = true }
      } else {
        operands.append(word)
      }
    }
    let port = operands.last.flatMap { Int($0) }
    if listens, let port {
      role = .listens(port: port)
    } else if operands.count == 2, let port {
      role = .connects(host: operands[0], port: port)
    } else if program == "socat" {
      role = operands.lazy.compactMap(PeerOptions.role(ofSocatAddress:)).first ?? .unknown
    }
  }

  /// Programs that go on sending at the other side's FIN, as long as they have input; see docs/traced-peers.md.
  private static let stayingOpen: Set<String> = ["nc.openbsd", "ncat"]

  /// What socat does with an address such as `TCP:kodos:8080` or `TCP-LISTEN:8080,fork`; `nil` for one of another kind.
  ///
  /// See socat(1).
  private static func role(ofSocatAddress address: String) -> Role? {
    let main = address.split(separator: ",", maxSplits: 1).first ?? ""
    let parts = main.split(separator: ":").map(String.init)
    switch parts.first?.uppercased() {
    case "TCP", "TCP4", "TCP-CONNECT", "TCP4-CONNECT":
      guard parts.count == 3, let port = Int(parts[2]) else { return nil }
      return .connects(host: parts[1], port: port)
    case "TCP-LISTEN", "TCP4-LISTEN", "TCP-L", "TCP4-L":
      guard parts.count == 2, let port = Int(parts[1]) else { return nil }
      return .listens(port: port)
    default: return nil
    }
  }

  /// The options of dnc that take a value.
  private static let valued: Set<String> = [
    "--keepalive", "--keepalive-idle", "--keepalive-interval", "--keepalive-count", "--user-timeout", "--syn-retries",
    "--linger", "--defer-accept", "--backlog", "--send-buffer", "--receive-buffer", "--bind", "--timestamps",
    "--events",
  ]

  private mutating func take(_ name: String, _ value: String) {
    func seconds(_ text: some StringProtocol) -> Int? {
      (try? Duration(text: text)).map { Int($0.nanoseconds / 1_000_000_000) }
    }
    var keepalive = options.keepalive ?? .init()
    switch name {
    case "--keepalive":
      let parts = value.split(separator: ",")
      guard parts.count == 3 else { return }
      keepalive = .init(idle: seconds(parts[0]), interval: seconds(parts[1]), count: Int(parts[2]))
    case "--keepalive-idle": keepalive.idle = seconds(value)
    case "--keepalive-interval": keepalive.interval = seconds(value)
    case "--keepalive-count": keepalive.count = Int(value)
    case "--user-timeout":
      options.userTimeout = (try? Duration(text: value)).map { Int($0.nanoseconds / 1_000_000) } ?? 0
      return
    case "--syn-retries":
      options.synCount = Int(value)
      return
    case "--defer-accept":
      options.deferAccept = seconds(value) ?? 0
      return
    case "--linger":
      resetsAtEnd = seconds(value) == 0
      return
    case "--receive-buffer":
      receiveBuffer = Int(value)
      return
    case "--backlog":
      backlog = Int(value)
      return
    default: return
    }
    options.keepalive = keepalive
  }
}
