import Strace
import Timeline

/// The beginning of every line in these tests: process 7 at 100 s by CLOCK_REALTIME, and that much later.
func line(_ call: String, process: Int = 7, after microseconds: Int = 0) -> String {
  let digits = String(1_000_000 + microseconds)
  return "\(process)     100.\(digits.dropFirst())000 \(call)\n"
}

extension StraceReader {
  /// Takes a text that was written when CLOCK_REALTIME was 90 s ahead: the lines above are at 10 s of CLOCK_MONOTONIC.
  mutating func take(_ text: String) -> [Item] { take(Array(text.utf8), clockOffset: 90_000_000_000) }
}

extension StraceReader.Item {
  /// The call in strace's form; `nil` for a line that means nothing.
  var text: String? {
    if case .call(_, let call) = self { call.text } else { nil }
  }

  /// When, in microseconds after 10 s.
  var microseconds: Int64? {
    if case .call(let time, _) = self { (time - 10_000_000_000) / 1000 } else { nil }
  }
}

/// What a whole text means.
func items(_ text: String) -> [StraceReader.Item] {
  var reader = StraceReader()
  return reader.take(text)
}

/// What a whole text means, in strace's form.
func texts(_ text: String) -> [String?] { items(text).map(\.text) }
