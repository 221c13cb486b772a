import Sockets
import Timeline

/// Standard output and standard error.
enum Console {
  /// Prints an answer of `--repl`; there is nobody to tell when that fails.
  static func answer(_ text: String) {
    print(text + "\n")
  }

  /// Prints `text` as it is to standard output; there is nobody to tell when that fails.
  static func print(_ text: String) {
    try? FileIO.writePatiently(Array(text.utf8), to: 1)
  }

  /// Prints a line to standard error, after the program's name.
  static func complain(_ text: String) {
    try? FileIO.writePatiently(Array("dnc: \(text)\n".utf8), to: 2)
  }

  /// Prints a line to standard error as it is.
  static func advise(_ text: String) {
    try? FileIO.writePatiently(Array("\(text)\n".utf8), to: 2)
  }
}

/// The log of what dnc does, a line for each step, on standard output.
struct Log: Sendable {
  /// What stands before each line; `nil` for a log that is off.
  let timestamps: Settings.Timestamps?
  /// When the program began, by the monotonic clock.
  let start = Clock.monotonic

  /// Writes a line.
  func callAsFunction(_ text: @autoclosure () -> String) throws(Failure) {
    guard let timestamps else { return }
    let stamp =
      switch timestamps {
      case .none: ""
      case .utc: utcStamp(secondsSince1970: Clock.realtime / 1_000_000_000) + ": "
      case .relative: Duration.nanoseconds(Clock.monotonic - start).seconds(digits: 3) + ": "
      }
    do throws(SystemError) {
      try FileIO.writePatiently(Array((stamp + text() + "\n").utf8), to: 1)
    } catch {
      throw .output(error.errno)
    }
  }
}

/// The moment as RFC 3339 writes it: `2016-05-27T08:40:02Z`.
///
/// The date is found by counting days from 1 March of year 0, so that leap days come last in a year.
func utcStamp(secondsSince1970: Int64) -> String {
  let (days, second) = secondsSince1970.quotientAndRemainder(dividingBy: 86_400)
  let shifted = days + 719_468
  let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let month = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * month + 2) / 5 + 1
  let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
  func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let date = "\(year)-\(two(month < 10 ? month + 3 : month - 9))-\(two(day))"
  return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
}
