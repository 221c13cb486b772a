internal import Timeline

/// What poll and its kin were asked about one descriptor, and what they said.
struct Readiness {
  /// Whose readiness.
  var subject: SystemCall.Subject
  /// What was asked for.
  var asked: [String] = []
  /// What was said.
  var said: [String] = []

  /// The bits by their names in poll(2); those of epoll(7) are the same, with an `E` before their names.
  private static let bits: [String: Int] = [
    "POLLIN": 0x1, "POLLPRI": 0x2, "POLLOUT": 0x4, "POLLERR": 0x8, "POLLHUP": 0x10, "POLLNVAL": 0x20,
    "POLLRDNORM": 0x40, "POLLRDBAND": 0x80, "POLLWRNORM": 0x100, "POLLWRBAND": 0x200, "POLLMSG": 0x400,
    "POLLRDHUP": 0x2000,
  ]

  private static func bit(_ name: String) -> Int { bits[name.hasPrefix("E") ? String(name.dropFirst()) : name] ?? 0 }

  /// The names in `POLLIN|POLLHUP`; none for `0`.
  static func names(_ flags: String) -> [String] {
    flags.split(separator: "|").map(String.init).filter { $0.contains("POLL") }
  }

  /// Adds names that are not there yet, in the order of their bits: a program may list one descriptor twice.
  static func add(_ names: [String], to list: inout [String]) {
    for name in names where !list.contains(name) { list.append(name) }
    list.sort { bit($0) < bit($1) }
  }

  /// Asked, as dnc tells it: `socket POLLIN`.
  var question: String { "\(subject.rawValue) " + (asked.isEmpty ? "0" : asked.joined(separator: "|")) }

  /// Said, as dnc tells it: `socket 0x19 POLLIN|POLLERR|POLLHUP`.
  var answer: String {
    let number = said.reduce(0) { $0 | Readiness.bit($1) }
    let names = said.isEmpty ? "" : " " + said.joined(separator: "|")
    return "\(subject.rawValue) 0x\(String(number, radix: 16))\(names)"
  }

  /// Said by select, which has three sets in place of names: `socket readable`.
  var selected: String { "\(subject.rawValue) " + said.joined(separator: "|") }

  /// Asked of select: `socket readable`.
  var selection: String { "\(subject.rawValue) " + asked.joined(separator: "|") }
}
