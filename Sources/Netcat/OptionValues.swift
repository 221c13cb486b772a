import CommandLine
import Sockets
import Timeline

/// Reads a duration that `option` can take as it is; nothing is rounded.
func duration(_ text: String, for option: SocketOption<Duration>) throws(InvalidValue) -> Duration {
  let value = try duration(text, name: option.name, unit: option.unitOfTime)
  do throws(OptionValueError) {
    try option.check(value)
  } catch {
    throw InvalidValue(reason(error, text: text, value: value, name: option.name))
  }
  return value
}

/// Reads a duration for SO_LINGER.
func lingerTime(_ text: String) throws(InvalidValue) -> Duration {
  let option = SocketOption.linger
  let value = try duration(text, name: option.name, unit: .seconds)
  do throws(OptionValueError) {
    try option.check(value)
  } catch {
    throw InvalidValue(reason(error, text: text, value: value, name: option.name))
  }
  return value
}

/// Reads a count that `option` can take.
func count(_ text: String, _ what: String, for option: SocketOption<Int>) throws(InvalidValue) -> Int {
  let value = try wholeNumber(text, what, in: 0...Int(Int32.max))
  do throws(OptionValueError) {
    try option.check(value)
  } catch {
    throw InvalidValue(reason(error, text: text, value: .zero, name: option.name))
  }
  return value
}

/// Reads a number of bytes for a buffer.
func bufferSize(_ text: String) throws(InvalidValue) -> Int {
  try byteCount(text, in: 1...Int(Int32.max / 2))
}

/// The three values of `--keepalive`.
func keepAliveTimes(_ text: String) throws(InvalidValue) -> (idle: Duration, interval: Duration, count: Int) {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  guard parts.count == 3 else { throw InvalidValue("'\(text)' is not IDLE,INTERVAL,COUNT: write it as 10s,5s,3") }
  return (
    try duration(parts[0], for: .keepAliveIdle), try duration(parts[1], for: .keepAliveInterval),
    try count(parts[2], "a number of probes", for: .keepAliveCount)
  )
}

/// Reads a duration, and says of a bare number which unit is meant.
private func duration(_ text: String, name: String, unit: OptionValueError.Unit) throws(InvalidValue) -> Duration {
  do throws(Duration.TextError) {
    return try Duration(text: text)
  } catch {
    guard case .missingUnit(let number) = error else { throw InvalidValue("'\(text)' is \(error.message)") }
    let meant = unit == .seconds ? "\(number)s" : "\(number)ms (or \(number)s for seconds)"
    throw InvalidValue("'\(number)' has no unit: \(name) counts \(unit.rawValue), so write \(meant)")
  }
}

/// What is wrong with a value and what would be right.
private func reason(_ error: OptionValueError, text: String, value: Duration, name: String) -> String {
  switch error {
  case .notWhole(let unit):
    let attoseconds: Int64 = unit == .seconds ? 1_000_000_000_000_000_000 : 1_000_000_000_000_000
    let below = value - Duration(secondsComponent: 0, attosecondsComponent: value.components.attoseconds % attoseconds)
    let above = below + Duration(secondsComponent: 0, attosecondsComponent: 1) * attoseconds
    let choices = [below, above].filter { $0 > .zero }.map(\.text).joined(separator: " or ")
    return "'\(text)' is not a whole number of \(unit.rawValue), which is what \(name) takes: write \(choices)"
  case .outOfRange(let range, let unit):
    let suffix = ["seconds": "s", "milliseconds": "ms"][unit.rawValue] ?? ""
    return "'\(text)' is out of range: \(name) takes \(range.lowerBound)\(suffix) to \(range.upperBound)\(suffix)"
  }
}

extension SocketOption where Value == Duration {
  /// What the kernel counts this option's time in.
  fileprivate var unitOfTime: OptionValueError.Unit {
    name == SocketOption.userTimeout.name ? .milliseconds : .seconds
  }
}
