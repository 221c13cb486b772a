/// Reads a whole number in `range`; `what` names it in the message: `a port`.
public func wholeNumber<Number: FixedWidthInteger>(
  _ text: String,
  _ what: String,
  in range: ClosedRange<Number>
) throws(InvalidValue) -> Number {
  guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Number(text), range.contains(number) else {
    throw InvalidValue("'\(text)' is not \(what): write a whole number from \(range.lowerBound) to \(range.upperBound)")
  }
  return number
}

/// Reads a number of bytes, such as `65536`, `64KiB` or `1MiB`, in `range`.
public func byteCount(_ text: String, in range: ClosedRange<Int>) throws(InvalidValue) -> Int {
  let digits = text.prefix { ("0"..."9").contains($0) }
  let factors = ["": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
  let unit = String(text.dropFirst(digits.count))
  guard !digits.isEmpty, let factor = factors[unit] else {
    throw InvalidValue("'\(text)' is not a number of bytes: write it as 65536, 64KiB or 1MiB")
  }
  let (bytes, overflow) = (Int(digits) ?? .max).multipliedReportingOverflow(by: factor)
  guard !overflow, range.contains(bytes) else {
    throw InvalidValue("'\(text)' is out of range: write \(range.lowerBound) to \(range.upperBound) bytes")
  }
  return bytes
}

/// Reads one of the words that an option knows.
public func choice<Value>(_ text: String, of choices: [(name: String, value: Value)]) throws(InvalidValue) -> Value {
  if let choice = choices.first(where: { $0.name == text }) { return choice.value }
  let names = choices.map(\.name)
  let list = names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : "") + (names.last ?? "")
  guard let name = nearest(to: text, in: names) else { throw InvalidValue("'\(text)' is unknown: write \(list)") }
  throw InvalidValue("'\(text)' is unknown; did you mean '\(name)'? Write \(list)")
}
