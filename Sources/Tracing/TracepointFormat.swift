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
  ///
  /// Every lab reads some: bytes are quicker than characters.
  public init?(_ text: [UInt8]) {
    var number: UInt64?
    var fields: [String: Field] = [:]
    var names: [String: [Int64: String]] = [:]
    for line in text.split(separator: UInt8(ascii: "\n")) {
      if line.starts(with: "ID: ".utf8) {
        number = UInt64(TracepointFormat.string(line.dropFirst(4)))
      } else if let (name, field) = TracepointFormat.field(line) {
        fields[name] = field
      } else if line.starts(with: "print fmt:".utf8) {
        names = TracepointFormat.names(in: line)
      }
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
  private static func field(_ line: ArraySlice<UInt8>) -> (String, Field)? {
    guard let first = line.first(where: { !isBlank($0) }), first == UInt8(ascii: "f") else { return nil }
    let parts = line.split(separator: UInt8(ascii: ";")).map { $0.drop(while: isBlank) }
    guard parts.count >= 3, parts[0].starts(with: "field:".utf8), parts[1].starts(with: "offset:".utf8),
      parts[2].starts(with: "size:".utf8), let offset = Int(string(parts[1].dropFirst(7))),
      let size = Int(string(parts[2].dropFirst(5))),
      let declaration = parts[0].split(separator: UInt8(ascii: " ")).last
    else { return nil }
    // An array's length stands behind its name.
    return (string(declaration.prefix { $0 != UInt8(ascii: "[") }), Field(offset: offset, size: size))
  }

  /// Reads each `__print_symbolic(REC->reason, { 0, "NOT_SPECIFIED" }, …)`; numbers that are not spelled out are left.
  private static func names(in line: ArraySlice<UInt8>) -> [String: [Int64: String]] {
    var names: [String: [Int64: String]] = [:]
    for call in pieces(of: line, behind: "__print_symbolic(REC->") {
      let field = string(call.prefix { $0 != UInt8(ascii: ",") })
      for pair in call.prefix(while: { $0 != UInt8(ascii: ")") }).split(separator: UInt8(ascii: "{")).dropFirst() {
        let parts = pair.prefix { $0 != UInt8(ascii: "}") }.split(separator: UInt8(ascii: ","))
        guard parts.count == 2, let number = Int64(string(trimmed(parts[0]))) else { continue }
        names[field, default: [:]][number] = string(trimmed(parts[1]).filter { $0 != UInt8(ascii: "\"") }[...])
      }
    }
    return names
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }

  /// What follows each occurrence of `mark`, to the next one.
  private static func pieces(of text: ArraySlice<UInt8>, behind mark: String) -> [ArraySlice<UInt8>] {
    let mark = Array(mark.utf8)
    let places = text.indices.filter { text[$0] == mark[0] && text[$0...].starts(with: mark) }
    return places.enumerated().map { number, place in
      let end = number + 1 < places.count ? places[number + 1] : text.endIndex
      return text[(place + mark.count)..<end]
    }
  }
}
