internal import TimerModel

// Where people who use PostgreSQL keep these settings: libpq's connection string, and PgBouncer's file.

extension Tuning {
  /// Reads a libpq connection string, `host=db keepalives_idle=10 tcp_user_timeout=9000`, or URI,
  /// `postgresql://db/name?keepalives_idle=10`, with `NAME: ` before it if it shall have one.
  ///
  /// See libpq's "Parameter Key Words": keepalive is on unless `keepalives=0`, its times are seconds, the user timeout
  /// milliseconds, 0 being none. `connect_timeout` is libpq's own. Of keepalive's values that document says that 0 is the
  /// system's default; but libpq (15.14 was asked) hands it to setsockopt, which refuses it, and does not connect.
  public init(libpq text: String, fallback: String) throws(Mistake) {
    let (name, rest) = try Tuning.named(text, fallback: fallback)
    let isURI = rest.hasPrefix("postgresql://") || rest.hasPrefix("postgres://")
    let values = try isURI ? Conninfo.uri(rest) : Conninfo.words(rest)
    var tuning = Tuning(name)
    func number(_ key: String) throws(Mistake) -> Int? {
      guard let text = values.last(where: { $0.key == key })?.value, !text.isEmpty else { return nil }
      guard let value = Int(text), abs(value) <= Int(Int32.max) else {
        throw Mistake("\(key) cannot be '\(text)': write a whole number, such as \(key)=10")
      }
      // What is negative libpq takes for 0.
      return max(0, value)
    }
    func keepalive(_ key: String) throws(Mistake) -> Int? {
      let value = try number(key)
      guard value != 0 else {
        throw Mistake(
          "\(key) cannot be 0: libpq hands it to the kernel, is refused (EINVAL) and does not connect; leave it out for the "
            + "system's default"
        )
      }
      return value
    }
    if try number("keepalives") != 0 {
      tuning.options.keepalive = .init(
        idle: try keepalive("keepalives_idle"),
        interval: try keepalive("keepalives_interval"),
        count: try keepalive("keepalives_count")
      )
    }
    tuning.options.userTimeout = try number("tcp_user_timeout") ?? 0
    if let timeout = try number("connect_timeout"), timeout > 0 {
      tuning.remarks.append(
        "connect_timeout=\(timeout) is libpq's own: where connecting takes longer than \(timeout)s, libpq gives up by itself; "
          + "what the kernel does is shown"
      )
    }
    self = try tuning.validated()
  }

  /// Reads a PgBouncer file, such as /etc/pgbouncer/pgbouncer.ini.
  ///
  /// See pgbouncer.ini's "Low-level network settings": keepalive is on unless `tcp_keepalive = 0`, its times are
  /// seconds, the user timeout milliseconds, and 0 is the system's default.
  public init(pgbouncer text: String, name: String) throws(Mistake) {
    var tuning = Tuning(name)
    let values = PgBouncerFile.values(text)
    guard let values else {
      throw Mistake("there is no section [pgbouncer]: give PgBouncer's own file, such as /etc/pgbouncer/pgbouncer.ini")
    }
    func number(_ key: String) throws(Mistake) -> Int? {
      guard let found = values.last(where: { $0.key == key }) else { return nil }
      guard let value = Int(found.value), (0...Int(Int32.max)).contains(value) else {
        throw Mistake(
          "line \(found.line): \(key) cannot be '\(found.value)': write a whole number from 0 to 2147483647"
        )
      }
      return value
    }
    if try number("tcp_keepalive") != 0 {
      tuning.options.keepalive = .init(
        idle: try number("tcp_keepidle").flatMap(positive),
        interval: try number("tcp_keepintvl").flatMap(positive),
        count: try number("tcp_keepcnt").flatMap(positive)
      )
    }
    tuning.options.userTimeout = try number("tcp_user_timeout") ?? 0
    let own = values.filter { PgBouncerFile.ownTimeouts.contains($0.key) && Double($0.value) != 0 }
    if !own.isEmpty {
      let list = own.map { "\($0.key)=\(printable($0.value))" }.joined(separator: ", ")
      tuning.remarks.append(
        "PgBouncer's own, which may end a connection sooner: \(list); what the kernel does is shown"
      )
    }
    for line in values.filter({ $0.key == "%include" }) {
      tuning.remarks.append("line \(line.line): %include \(printable(line.value)) is not read")
    }
    self = try tuning.validated()
  }
}

private func positive(_ value: Int) -> Int? { value > 0 ? value : nil }

/// PgBouncer's configuration file.
private enum PgBouncerFile {
  /// The timeouts that PgBouncer watches itself, in seconds.
  static let ownTimeouts: Set<String> = [
    "server_connect_timeout", "server_idle_timeout", "client_idle_timeout", "client_login_timeout", "query_timeout",
    "query_wait_timeout", "idle_transaction_timeout", "transaction_timeout", "cancel_wait_timeout",
  ]

  /// What the section `[pgbouncer]` says; `nil` if there is none.
  static func values(_ text: String) -> [(key: String, value: String, line: Int)]? {
    var values: [(key: String, value: String, line: Int)] = []
    var (isInside, found) = (false, false)
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = trimmed(raw)
      if line.isEmpty || line.hasPrefix(";") || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        isInside = line.lowercased() == "[pgbouncer]"
        found = found || isInside
      } else if line.hasPrefix("%include") {
        values.append(("%include", trimmed(line.dropFirst(8)), index + 1))
      } else if isInside, let equals = line.firstIndex(of: "=") {
        values.append((trimmed(line[..<equals]), trimmed(line[line.index(after: equals)...]), index + 1))
      }
    }
    return found ? values : nil
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let blanks: Set<Character> = [" ", "\t"]
    var rest = Substring(text)
    while let first = rest.first, blanks.contains(first) { rest.removeFirst() }
    while let last = rest.last, blanks.contains(last) { rest.removeLast() }
    return String(rest)
  }
}
