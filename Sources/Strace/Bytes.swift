/// A piece of a line; strace writes ASCII, but nothing here relies on it.
typealias Bytes = ArraySlice<UInt8>

extension Bytes {
  /// The text; what is no UTF-8 becomes U+FFFD.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The bytes without blanks at either end.
  var trimmed: Bytes {
    var copy = self
    while copy.first == UInt8(ascii: " ") { copy.removeFirst() }
    while copy.last == UInt8(ascii: " ") { copy.removeLast() }
    return copy
  }

  /// The bytes between `first` and `last`, if they stand at the ends.
  func within(_ first: Unicode.Scalar, _ last: Unicode.Scalar) -> Bytes? {
    guard count >= 2, self.first == UInt8(ascii: first), self.last == UInt8(ascii: last) else { return nil }
    return dropFirst().dropLast()
  }

  /// Takes `prefix` from the beginning, if it stands there.
  mutating func take(_ prefix: String) -> Bool {
    guard starts(with: prefix.utf8) else { return false }
    removeFirst(prefix.utf8.count)
    return true
  }

  /// Takes the longest beginning whose bytes are all `wanted`.
  mutating func take(while wanted: (UInt8) -> Bool) -> Bytes {
    let taken = prefix(while: wanted)
    removeFirst(taken.count)
    return taken
  }

  /// Takes a decimal number, which may be negative; `nil` if there is none, or none of 64 bits.
  mutating func takeInteger() -> Int64? {
    var rest = self
    let sign = rest.take("-") ? "-" : ""
    let digits = rest.take(while: \.isDigit)
    guard let number = Int64(sign + digits.text) else { return nil }
    self = rest
    return number
  }

  /// Takes seconds with up to nine decimals, as nanoseconds; `nil` if there are none, or more than 290 years.
  mutating func takeSeconds() -> Int64? {
    var rest = self
    let whole = rest.take(while: \.isDigit)
    guard let seconds = Int64(whole.text), seconds <= 9_000_000_000 else { return nil }
    var nanoseconds: Int64 = 0
    if rest.take(".") {
      let decimals = rest.take(while: \.isDigit).prefix(9)
      let padding = String(repeating: "0", count: 9 - decimals.count)
      nanoseconds = Int64(decimals.text + padding) ?? 0
    }
    self = rest
    return seconds * 1_000_000_000 + nanoseconds
  }

  /// Where `part` begins for the first time.
  func firstRange(of part: String) -> Range<Int>? {
    guard count >= part.utf8.count else { return nil }
    for start in startIndex...(endIndex - part.utf8.count) where self[start...].starts(with: part.utf8) {
      return start..<start + part.utf8.count
    }
    return nil
  }
}

extension UInt8 {
  /// Whether it is one of the digits 0 to 9.
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

  /// Whether it may stand in the name of a call or of a constant.
  var isNamePart: Bool {
    isDigit || self == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= self
      || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
  }
}
