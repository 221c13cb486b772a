public import Timeline

/// What a person has to go by: an error, perhaps the time it took, or a timer.
public enum Symptom: Hashable, Sendable {
  /// An errno by its name, and how long after the last sign of life it came, if known.
  case error(name: String, after: Duration?)
  /// A timer as `ss -o` prints it.
  case timer(SocketTimer)

  /// Why a text is no symptom.
  public struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence, with what would be right.
    public let description: String
  }

  /// Reads an errno's name (`ETIMEDOUT`) or number (`110`), a message that ends with its sentence
  /// (`PQconsumeInput() could not receive data from server: Connection timed out`), or a timer (`timer:(on,42sec,13)`).
  public init(text: String, after: Duration? = nil) throws(Unreadable) {
    if let timer = try Symptom.timer(in: text) {
      self = .timer(timer)
      return
    }
    let lowered = text.lowercased()
    let found = Symptom.sentences.filter {
      lowered.contains($0.name.lowercased()) || lowered.contains($0.sentence.lowercased()) || text == "\($0.number)"
    }
    if found.count > 1 {
      let names = found.map(\.name).joined(separator: " and ")
      throw Unreadable(description: "'\(text)' names \(names): ask for one at a time")
    }
    guard let known = found.first else {
      let names = Symptom.sentences.map(\.name).joined(separator: ", ")
      throw Unreadable(
        description: "'\(text)' names no error that TCP gives: write an errno (\(names)), its sentence such as "
          + "'Connection timed out', or a timer as ss -o prints it, such as 'timer:(on,42sec,13)'"
      )
    }
    self = .error(name: known.name, after: after)
  }

  /// The names of the errors that TCP gives.
  public static let errorNames: [String] = sentences.map(\.name)

  /// The errors that TCP gives, with the C library's sentences and Linux's numbers.
  static let sentences: [(name: String, sentence: String, number: Int)] = [
    ("ETIMEDOUT", "Connection timed out", 110), ("ECONNRESET", "Connection reset by peer", 104),
    ("EPIPE", "Broken pipe", 32), ("EHOSTUNREACH", "No route to host", 113),
    ("ENETUNREACH", "Network is unreachable", 101), ("ECONNREFUSED", "Connection refused", 111),
    ("EACCES", "Permission denied", 13), ("ENOPROTOOPT", "Protocol not available", 92),
  ]

  /// Reads `timer:(KIND,TIME,COUNT)`, the word `timer:` and the parentheses being optional; `nil` if it is none.
  private static func timer(in text: String) throws(Unreadable) -> SocketTimer? {
    let inner = text.split(whereSeparator: { "()".contains($0) }).last.map(String.init) ?? ""
    let parts = inner.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    guard text.hasPrefix("timer:") || parts.count == 3 else { return nil }
    guard parts.count == 3, let kind = SocketTimer.Kind(rawValue: parts[0]), let count = Int(parts[2]), count >= 0,
      let time = milliseconds(parts[1])
    else {
      throw Unreadable(
        description: "'\(text)' is not a timer as ss -o prints it: write timer:(KIND,TIME,COUNT) with on, keepalive, "
          + "timewait or persist, such as timer:(on,42sec,13)"
      )
    }
    return SocketTimer(kind: kind, expiresInMilliseconds: time, count: count)
  }

  /// Reads a time as ss prints it: `42sec`, `1min36sec`, `119min`, `200ms`, and `1.304ms`, which is 1.304 s.
  static func milliseconds(_ text: String) -> Int64? {
    var rest = Substring(text)
    var total: Int64 = 0
    var isEmpty = true
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      guard let number = Int64(digits), number < 10_000_000 else { return nil }
      rest = rest.dropFirst(digits.count)
      if rest.hasPrefix("min") {
        (total, rest) = (total + number * 60_000, rest.dropFirst(3))
      } else if rest.hasPrefix("sec") {
        (total, rest) = (total + number * 1000, rest.dropFirst(3))
      } else if rest.hasPrefix("ms") {
        (total, rest) = (total + number, rest.dropFirst(2))
      } else if rest.hasPrefix("."), rest.count == 6, rest.hasSuffix("ms") {
        (total, rest) = (total + number * 1000, rest.dropFirst(1))
      } else {
        return nil
      }
      isEmpty = false
    }
    return isEmpty ? nil : total
  }
}
