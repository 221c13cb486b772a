internal import TimerModel

// What the command lines of some well-known clients and servers say of their sockets.

extension PeerOptions {
  /// When a program's packets come.
  enum Talk: Hashable {
    /// When something is typed into it, and then once.
    case typed
    /// It asks for what is typed into it, and the answer comes.
    case answered
    /// It asks once by itself, when it has connected, and the answer comes.
    case asksOnce
    /// At moments that nobody foresees.
    case byItself
  }

  /// What a program other than dnc and the netcats is known to do; `nil` for all others.
  static func known(_ program: String, _ words: ArraySlice<String>) -> PeerOptions? {
    switch program {
    case "psql": PeerOptions(psql: words)
    case "redis-cli": PeerOptions(redisClient: words)
    case "redis-server": PeerOptions(redisServer: words)
    case "postgres": PeerOptions(postgres: words)
    case "curl": PeerOptions(curl: words)
    case "python3": PeerOptions(python: words)
    default: nil
    }
  }

  private init() {}

  // MARK: PostgreSQL

  /// psql(1): libpq turns keepalive on unless `keepalives=0` says no; its other parameters are the socket's options.
  private init?(psql words: ArraySlice<String>) {
    let (options, operands) = Self.split(words, valued: "cdfvLoFPRThpU", long: ["host", "port", "dbname", "username"])
    var parameters = Self.connectionParameters(options["d"] ?? options["dbname"] ?? operands.first ?? "")
    for (name, values) in [("host", ["h", "host"]), ("port", ["p", "port"]), ("command", ["c"]), ("file", ["f"])] {
      for value in values { if let text = options[value] { parameters[name] = text } }
    }
    guard let host = parameters["host"], let port = Int(parameters["port"] ?? "5432") else { return nil }
    self.init()
    role = .connects(host: host, port: port)
    talk = (parameters["command"] ?? parameters["file"]) == nil ? .answered : .byItself
    // The program's own limit to connecting, in place of the kernel's.
    givesUpConnecting = Int(parameters["connect_timeout"] ?? "0") != 0
    self.options.userTimeout = parameters["tcp_user_timeout"].flatMap { Int($0) } ?? 0
    func number(_ name: String) -> Int? { parameters[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
    if parameters["keepalives"] != "0" {
      self.options.keepalive = .init(
        idle: number("keepalives_idle"),
        interval: number("keepalives_interval"),
        count: number("keepalives_count")
      )
    }
  }

  /// The parameters of a libpq connection string, of either kind: `host=kodos port=5432` or `postgresql://kodos:5432/`.
  static func connectionParameters(_ text: String) -> [String: String] {
    var parameters: [String: String] = [:]
    var pairs = text.split(separator: " ")
    if let scheme = ["postgresql://", "postgres://"].first(where: { text.hasPrefix($0) }) {
      let parts = text.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      let place =
        (parts[0].split(separator: "/", omittingEmptySubsequences: false).first ?? "")
        .split(separator: "@").last?.split(separator: ":") ?? []
      if let host = place.first { parameters["host"] = String(host) }
      if place.count > 1 { parameters["port"] = String(place[1]) }
      pairs = parts.count > 1 ? parts[1].split(separator: "&") : []
    }
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      parameters[String(parts[0])] = parts[1].split(separator: "'").first.map(String.init)
    }
    return parameters
  }

  /// postgres(1): the server turns keepalive on for every client; `-c` gives its values and the user timeout.
  private init(postgres words: ArraySlice<String>) {
    self.init()
    var port = 5432
    var keepalive = SocketOptions.Keepalive()
    var rest = words
    while let word = rest.popFirst() {
      if word == "-p", let value = rest.popFirst().flatMap({ Int($0) }) { port = value }
      guard word == "-c" || word.hasPrefix("--") else { continue }
      let parts = (word == "-c" ? rest.popFirst() ?? "" : String(word.dropFirst(2))).split(separator: "=")
      guard parts.count == 2, let value = Int(parts[1]) else { continue }
      switch parts[0] {
      case "port": port = value
      case "tcp_keepalives_idle" where value > 0: keepalive.idle = value
      case "tcp_keepalives_interval" where value > 0: keepalive.interval = value
      case "tcp_keepalives_count" where value > 0: keepalive.count = value
      case "tcp_user_timeout": options.userTimeout = value
      default: break
      }
    }
    role = .listens(port: port)
    talk = .byItself
    options.keepalive = keepalive
  }

  // MARK: Redis

  /// redis-cli: keepalive after 15 s, every 5 s, three times (`REDIS_CLI_KEEPALIVE_INTERVAL`, and anet.c's thirds).
  private init?(redisClient words: ArraySlice<String>) {
    let (options, operands) = Self.split(words, valued: "hpastnrudXDi", long: ["user", "pass", "pipe-timeout"])
    guard let host = options["h"], let port = Int(options["p"] ?? "6379") else { return nil }
    self.init()
    role = .connects(host: host, port: port)
    talk = operands.isEmpty ? .byItself : .asksOnce
    self.options.keepalive = .init(idle: 15, interval: 5, count: 3)
  }

  /// redis-server: `--tcp-keepalive N` is N seconds, every N/3 seconds, three times; 300 without it.
  private init?(redisServer words: ArraySlice<String>) {
    let (options, operands) = Self.split(words, valued: "", long: ["port", "tcp-keepalive", "dir", "save"])
    // What stands in a file is not known here.
    guard operands.isEmpty, let idle = Int(options["tcp-keepalive"] ?? "300") else { return nil }
    self.init()
    role = .listens(port: options["port"].flatMap { Int($0) } ?? 6379)
    talk = .byItself
    if idle > 0 { self.options.keepalive = .init(idle: idle, interval: max(1, idle / 3), count: 3) }
  }

  // MARK: HTTP

  /// curl(1): keepalive after 60 s and every 60 s, as `--keepalive-time` says.
  private init?(curl words: ArraySlice<String>) {
    let (options, operands) = Self.split(
      words,
      valued: "mdHXoAuTrYy",
      long: ["keepalive-time", "connect-timeout", "max-time", "limit-rate", "output", "speed-time", "speed-limit"]
    )
    let place = operands.first.flatMap { url -> Substring? in
      let text = url.hasPrefix("http://") ? url.dropFirst("http://".count) : url[...]
      return text.split(separator: "/").first
    }
    // Limits of its own end a transfer when no timer of the kernel does.
    let limits = ["m", "max-time", "Y", "y", "speed-time", "speed-limit"]
    guard let parts = place?.split(separator: ":"), let host = parts.first, limits.allSatisfy({ options[$0] == nil }),
      let port = parts.count > 1 ? Int(parts[1]) : 80
    else { return nil }
    self.init()
    role = .connects(host: String(host), port: port)
    talk = .byItself
    givesUpConnecting = options["connect-timeout"] != nil
    let seconds = options["keepalive-time"].flatMap { Int($0) } ?? 60
    self.options.keepalive = .init(idle: seconds, interval: seconds, count: nil)
  }

  /// Python's web server: `python3 -m http.server PORT`, 8000 without; nothing is known of other Python programs.
  private init(python words: ArraySlice<String>) {
    self.init()
    talk = .byItself
    guard let module = words.firstIndex(of: "http.server") else { return }
    role = .listens(port: words[(module + 1)...].lazy.compactMap { Int($0) }.first ?? 8000)
  }

  // MARK: Words

  /// Divides a command line into options with their values and operands.
  ///
  /// `valued` are the letters of the short options that take a value; of the long ones, `long` do.
  private static func split(_ words: ArraySlice<String>, valued: String, long: [String])
    -> (options: [String: String], operands: [String])
  {
    var options: [String: String] = [:]
    var operands: [String] = []
    var rest = words
    while let word = rest.popFirst() {
      if word.hasPrefix("--") {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
        guard let name = parts.first else { continue }
        options[name] = parts.count > 1 ? parts[1] : long.contains(name) ? rest.popFirst() ?? "" : ""
      } else if word.hasPrefix("-"), let letter = word.dropFirst().first {
        let value = String(word.dropFirst(2))
        let takes = valued.contains(letter)
        options[String(letter)] = takes && value.isEmpty ? rest.popFirst() ?? "" : value
      } else {
        operands.append(word)
      }
    }
    return (options, operands)
  }
}
