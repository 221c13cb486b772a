internal import Timeline
internal import TimerModel

extension Tuning {
  /// Reads settings as a person writes them: `mine: keepalive=2s,3s,3 user-timeout=9s tcp_retries2=8`.
  ///
  /// The name may be left out; then it is `fallback`. Each setting may stand once.
  public init(text: String, fallback: String) throws(Mistake) {
    let (name, rest) = try Tuning.named(text, fallback: fallback)
    var tuning = Tuning(name)
    var seen: Set<String> = []
    for word in rest.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        throw Mistake("'\(word)' is not of the form NAME=VALUE, such as user-timeout=9s; \(Tuning.allowed)")
      }
      guard seen.insert(parts[0]).inserted else { throw Mistake("'\(parts[0])' is given twice") }
      try tuning.set(parts[0], to: parts[1])
    }
    self = try tuning.validated()
  }

  /// Which settings there are, for the message that refuses another.
  private static let allowed =
    "there are keepalive=IDLE,INTERVAL,COUNT (1s to 32767s, 1 to 127) or keepalive=default, user-timeout=DURATION "
    + "(1ms to 1h), syn-count=COUNT (1 to 127), and the kernel's "
    + kernelSettings.map(\.rawValue).joined(separator: ", ")

  /// The kernel's settings that belong to TCP; a neighbour's are an interface's.
  static let kernelSettings = Sysctl.allCases.filter { $0.rawValue.hasPrefix("tcp_") }

  private mutating func set(_ name: String, to text: String) throws(Mistake) {
    switch name {
    case "keepalive": options.keepalive = try Tuning.keepalive(text)
    case "user-timeout":
      let time = try Tuning.duration(text, of: name)
      guard time.nanoseconds % 1_000_000 == 0, time > .zero else {
        throw Mistake("user-timeout cannot be '\(text)': write a whole number of milliseconds, 1ms to 1h")
      }
      options.userTimeout = Int(time.nanoseconds / 1_000_000)
    case "syn-count":
      guard let count = Int(text) else { throw Mistake("syn-count cannot be '\(text)': allowed is 1 to 127") }
      options.synCount = count
    default:
      guard let sysctl = Sysctl(name: name), Tuning.kernelSettings.contains(sysctl) else {
        throw Mistake("there is no setting '\(name)'; \(Tuning.allowed)")
      }
      guard let value = Int(text) else {
        let range = sysctl.range
        throw Mistake("\(sysctl.rawValue) cannot be '\(text)': allowed is \(range.lowerBound) to \(range.upperBound)")
      }
      sysctls.append(KernelValue(sysctl, value))
    }
  }

  private static func keepalive(_ text: String) throws(Mistake) -> SocketOptions.Keepalive {
    if text == "default" { return .init() }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let count = Int(parts[2]) else {
      throw Mistake("keepalive cannot be '\(text)': write IDLE,INTERVAL,COUNT, such as 10s,5s,3, or 'default'")
    }
    return .init(idle: try seconds(parts[0]), interval: try seconds(parts[1]), count: count)
  }

  private static func seconds(_ text: String) throws(Mistake) -> Int {
    let time = try duration(text, of: "keepalive")
    guard time.nanoseconds % 1_000_000_000 == 0 else {
      throw Mistake("keepalive cannot have '\(text)': the kernel takes whole seconds here, 1s to 32767s")
    }
    return Int(time.nanoseconds / 1_000_000_000)
  }

  private static func duration(_ text: String, of name: String) throws(Mistake) -> Duration {
    do throws(Duration.TextError) { return try Duration(text: text) } catch {
      throw Mistake("\(name) cannot have '\(text)': \(error.message)")
    }
  }

  /// Splits `NAME: REST`; the name ends at the first colon that a blank follows.
  static func named(_ text: String, fallback: String) throws(Mistake) -> (name: String, rest: String) {
    let characters = Array(text)
    for (index, character) in characters.enumerated() where character == ":" {
      guard index + 1 < characters.count, characters[index + 1] == " " else { continue }
      let name = String(characters[..<index])
      let known = name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
      }
      guard known, (1...24).contains(name.utf8.count) else {
        throw Mistake(
          "'\(name)' cannot be a column's name: write at most 24 small letters, digits, '-', '_' and '.', a colon and a blank"
        )
      }
      return (name, String(characters[(index + 2)...]))
    }
    return (fallback, text)
  }
}
