/// How the kernel lays out the record of one tracepoint: its `format` file below `events` in tracefs.
public struct TracepointFormat: Hashable, Sendable {
  /// One member of the record.
  public struct Field: Hashable, Sendable {
    /// How many bytes lie before it.
    public var offset: Int
    /// Its bytes.
    public var size: Int
  }

  /// The number by which perf_event_open(2) knows the tracepoint.
  public var number: UInt64
  /// The members by name.
  public var fields: [String: Field]
  /// The kernel's own names for a field's numbers, where the file spells them out (`__print_symbolic`).
  public var names: [String: [Int64: String]]

  /// How long the record is.
  public var size: Int { fields.values.map { $0.offset + $0.size }.max() ?? 0 }

  /// A record is never longer than this; a file that says so is none of the kernel's.
  static let largestSize = 256

  /// Reads a format file; `nil` if its number or its fields are missing, or lie where no record has any.
  public init?(_ text: String) {
    var number: UInt64?
    var fields: [String: Field] = [:]
    var names: [String: [Int64: String]] = [:]
    for line in text.split(separator: "\n") {
      if line.hasPrefix("ID: ") { number = UInt64(line.dropFirst(4)) }
      if let (name, field) = TracepointFormat.field(line) { fields[name] = field }
      if line.hasPrefix("print fmt:") { names = TracepointFormat.names(in: line) }
    }
    guard let number, !fields.isEmpty else { return nil }
    for field in fields.values {
      guard field.offset >= 0, field.size > 0, field.offset <= TracepointFormat.largestSize - field.size,
        field.size <= TracepointFormat.largestSize
      else { return nil }
    }
    self.number = number
    self.fields = fields
    self.names = names
  }

  /// Reads `field:__u16 sport;	offset:24;	size:2;	signed:0;`.
  private static func field(_ line: Substring) -> (String, Field)? {
    let parts = line.split(separator: ";").map { $0.drop { $0 == " " || $0 == "\t" } }
    guard parts.count >= 3, parts[0].hasPrefix("field:"), parts[1].hasPrefix("offset:"), parts[2].hasPrefix("size:"),
      let offset = Int(parts[1].dropFirst(7)), let size = Int(parts[2].dropFirst(5)),
      let declaration = parts[0].split(separator: " ").last
    else { return nil }
    // An array's length stands behind its name.
    return (String(declaration.prefix { $0 != "[" }), Field(offset: offset, size: size))
  }

  /// Reads each `__print_symbolic(REC->reason, { 0, "NOT_SPECIFIED" }, …)`; numbers that are not spelled out are left.
  private static func names(in line: Substring) -> [String: [Int64: String]] {
    var names: [String: [Int64: String]] = [:]
    for call in pieces(of: line, between: "__print_symbolic(REC->") {
      let field = String(call.prefix { $0 != "," })
      for pair in call.prefix(while: { $0 != ")" }).split(separator: "{").dropFirst() {
        let parts = pair.prefix { $0 != "}" }.split(separator: ",")
        guard parts.count == 2, let number = Int64(trimmed(parts[0])) else { continue }
        names[field, default: [:]][number] = String(trimmed(parts[1]).filter { $0 != "\"" })
      }
    }
    return names
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// What follows each occurrence of `mark`, to the next one.
  private static func pieces(of text: Substring, between mark: String) -> [Substring] {
    let bytes = Array(text.utf8)
    let wanted = Array(mark.utf8)
    var starts: [Int] = []
    var index = 0
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index..<index + wanted.count].elementsEqual(wanted) {
        starts.append(index + wanted.count)
        index += wanted.count
      } else {
        index += 1
      }
    }
    return starts.enumerated().map { number, start in
      let end = number + 1 < starts.count ? starts[number + 1] - wanted.count : bytes.count
      return Substring(decoding: bytes[start..<end], as: UTF8.self)
    }
  }
}
