/// A call as strace writes it: name, arguments, and what came of it.
struct CallText {
  /// The call's name.
  var name: String
  /// Its arguments, those of a call under way only as far as they go in.
  var arguments: [Bytes]
  /// What it returned; `nil` while it is under way.
  var outcome: Outcome?

  /// What a call returned.
  struct Outcome {
    /// The number; `nil` for `?`, which means that the program was given none.
    var value: Int64?
    /// The errno's name, of a call that failed.
    var errorName: String?
    /// The name of the kernel's note to itself, where the call is going to be restarted: `ERESTART_RESTARTBLOCK`.
    var restart: String?
    /// The descriptor that it returned.
    var descriptor: Descriptor?
    /// What strace says behind the number, without parentheses: `[{fd=3, revents=POLLIN}]`, `Timeout`.
    var auxiliary: Bytes = []
    /// How long it took, in nanoseconds.
    var took: Int64?
  }

  /// Reads `name(arguments) = outcome`, or the beginning of it; `nil` if it is none.
  init?(_ text: Bytes) {
    var rest = text
    let name = rest.take(while: \.isNamePart)
    guard !name.isEmpty, rest.take("(") else { return nil }
    self.name = name.text
    let (parts, end) = rest.splitAtCommas()
    arguments = parts
    guard let end else { return }
    outcome = Outcome(rest[(end + 1)...].trimmed)
    if outcome == nil { return nil }
  }

  /// The argument at `index`, if there is one.
  func argument(_ index: Int) -> Bytes? { index < arguments.count ? arguments[index] : nil }
}

extension CallText.Outcome {
  /// Reads `= 1 ([{fd=3, revents=POLLIN}]) <0.000010>`; `nil` if it is none.
  init?(_ text: Bytes) {
    var rest = text
    guard rest.take("=") else { return nil }
    rest = rest.trimmed
    takeDuration(from: &rest)
    if rest.take("?") {
      let name = rest.trimmed.prefix(while: \.isNamePart)
      restart = name.isEmpty ? nil : name.text
      return
    }
    if rest.take("0x") {
      guard let number = UInt64(rest.take(while: \.isNamePart).text, radix: 16) else { return nil }
      value = Int64(bitPattern: number)
    } else if let descriptor = Descriptor(rest) {
      value = descriptor.number
      self.descriptor = descriptor
      rest.removeFirst(descriptor.length)
    } else if let number = rest.takeInteger() {
      value = number
    } else {
      return nil
    }
    rest = rest.trimmed
    if value == -1 {
      let name = rest.take(while: \.isNamePart)
      errorName = name.isEmpty ? nil : name.text
    }
    auxiliary = rest.trimmed.within("(", ")") ?? []
  }

  /// Takes `<0.000010>` from the end.
  private mutating func takeDuration(from text: inout Bytes) {
    guard text.last == UInt8(ascii: ">"), let start = text.lastIndex(of: UInt8(ascii: "<")) else { return }
    var digits = text[(start + 1)...].dropLast()
    guard let took = digits.takeSeconds(), digits.isEmpty else { return }
    self.took = took
    text = text[..<start].trimmed
  }
}

extension Bytes {
  /// The parts between commas, up to the bracket that closes what began before, whose place is `end`; without such a
  /// bracket `end` is `nil`, and a last part may be torn.
  ///
  /// Commas within brackets, quotes and descriptions of descriptors do not count.
  func splitAtCommas() -> (parts: [Bytes], end: Int?) {
    var parts: [Bytes] = []
    var depth = 0
    var start = startIndex
    var index = startIndex
    func close(at end: Int) {
      let part = self[start..<end].trimmed
      if !part.isEmpty || !parts.isEmpty { parts.append(part) }
    }
    while index < endIndex {
      switch self[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth < 0 {
          close(at: index)
          return (parts, index)
        }
      case UInt8(ascii: "\""): index = endOfQuote(from: index)
      case UInt8(ascii: "<") where index > startIndex && self[index - 1].isDigit: index = endOfDescription(from: index)
      case UInt8(ascii: ",") where depth == 0:
        close(at: index)
        start = index + 1
      default: break
      }
      index += 1
    }
    if start < endIndex { close(at: endIndex) }
    return (parts, nil)
  }

  /// The last byte of the quoted string that begins at `start`, or of everything.
  private func endOfQuote(from start: Int) -> Int {
    var index = start + 1
    while index < endIndex, self[index] != UInt8(ascii: "\"") {
      index += self[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return Swift.min(index, endIndex - 1)
  }

  /// The last byte of a descriptor's description, `<TCP:[10.0.0.1:1->10.0.0.2:2]>`, that begins at `start`, or of
  /// everything.
  ///
  /// In paths strace writes `<` and `>` as octal numbers; a device's description stands within that of its file.
  func endOfDescription(from start: Int) -> Int {
    // A shift, as in 1<<3, is no description.
    guard start + 1 < endIndex, self[start + 1] != UInt8(ascii: "<") else { return Swift.min(start + 1, endIndex - 1) }
    var depth = 0
    for index in start..<endIndex {
      switch self[index] {
      case UInt8(ascii: "<"): depth += 1
      case UInt8(ascii: ">") where self[index - 1] != UInt8(ascii: "-"):
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return endIndex - 1
  }
}
