extension Duration {
  /// The length in whole nanoseconds, saturated at the limits of `Int64` (292 years).
  public var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    if overflowed { return seconds < 0 ? .min : .max }
    return sum
  }

  /// The length in seconds, for arithmetic that needs no exactness.
  public var inSeconds: Double {
    Double(nanoseconds) / 1e9
  }

  /// The length as people write it: `250ms`, `9s`, `1m36s`, `15m38.500s`, `2h11m15s`.
  ///
  /// Milliseconds are the finest unit unless the whole is shorter than one: then `120us` or `900ns`.
  public var text: String {
    let total = nanoseconds
    if total < 0 { return "-" + Duration.nanoseconds(total == .min ? .max : -total).text }
    if total == 0 { return "0s" }
    if total < 1000 { return "\(total)ns" }
    if total < 1_000_000 { return "\(total / 1000)us" }
    let milliseconds = total / 1_000_000 + (total % 1_000_000 >= 500_000 ? 1 : 0)
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
    let (seconds, rest) = (milliseconds / 1000 % 60, milliseconds % 1000)
    var text = hours > 0 ? "\(hours)h" : ""
    if minutes > 0 { text += "\(minutes)m" }
    if seconds > 0 || rest > 0 {
      text += "\(seconds)"
      if rest > 0 { text += "." + String(1000 + rest).dropFirst() }
      text += "s"
    }
    return text
  }

  /// The length in seconds with `digits` decimals, rounded half up: `939.231`.
  public func seconds(digits: Int) -> String {
    let total = nanoseconds
    if total < 0 { return "-" + Duration.nanoseconds(total == .min ? .max : -total).seconds(digits: digits) }
    var unit: Int64 = 1_000_000_000
    for _ in 0..<max(0, min(9, digits)) { unit /= 10 }
    let rounded = (total / unit) + (total % unit >= (unit + 1) / 2 && unit > 1 ? 1 : 0)
    let perSecond = 1_000_000_000 / unit
    if perSecond == 1 { return "\(rounded)" }
    return "\(rounded / perSecond)." + String(perSecond + rounded % perSecond).dropFirst()
  }

  /// Why a text is not a duration.
  public enum TextError: Error, Hashable, Sendable {
    /// A number without its unit, such as `9`: it names what was probably meant.
    case missingUnit(number: String)
    /// Not a number followed by units.
    case malformed
    /// Longer than 292 years.
    case tooLong

    /// The sentence for a person.
    public var message: String {
      switch self {
      case .missingUnit(let number):
        "'\(number)' has no unit: write \(number)s for seconds or \(number)ms for milliseconds"
      case .malformed: "not a duration: write a number with a unit, such as 250ms, 9s, 2m, 1h or 1m30s"
      case .tooLong: "too long: the longest duration is 292 years"
      }
    }
  }

  /// Reads a duration such as `9s`, `1200ms`, `2m`, `1.5s`, `1m30s`; units are ns, us, ms, s, m, h and d.
  ///
  /// A bare number is refused, since nobody can tell what it counts.
  public init(text: some StringProtocol) throws(TextError) {
    let units: [(name: String, nanoseconds: Int64)] = [
      ("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
      ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]
    var rest = Substring(text)
    guard !rest.isEmpty else { throw .malformed }
    var total: Int64 = 0
    while !rest.isEmpty {
      let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { $0.isASCII && $0.isLowercase }
      rest = rest.dropFirst(name.count)
      let parts = number.split(separator: ".", omittingEmptySubsequences: false)
      guard let first = parts.first, !first.isEmpty, parts.count <= 2, parts.last?.isEmpty == false else {
        throw .malformed
      }
      guard !name.isEmpty else {
        throw rest.isEmpty && total == 0 ? .missingUnit(number: String(number)) : .malformed
      }
      guard let unit = units.first(where: { $0.name == name }) else { throw .malformed }
      guard let whole = Int64(first) else { throw .tooLong }
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
      if overflow { throw .tooLong }
      var fraction: Int64 = 0
      if parts.count == 2 {
        var scale = unit.nanoseconds
        for digit in parts[1] {
          scale /= 10
          fraction += Int64(digit.wholeNumberValue ?? 0) * scale
        }
      }
      let (sum, overflowed) = total.addingReportingOverflow(product)
      let (all, overflowedAgain) = sum.addingReportingOverflow(fraction)
      if overflowed || overflowedAgain { throw .tooLong }
      total = all
    }
    self = .nanoseconds(total)
  }
}
