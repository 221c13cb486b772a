/// A program that runs on a host before the lab begins, for the files that it leaves on the host's disk.
public struct Preparation: Hashable, Sendable {
  /// The host on whose disk it works.
  public var host: String
  /// The program and its arguments.
  public var command: [String]
  /// Whether it runs as an ordinary user and not as the host's root.
  public var isUnprivileged: Bool
  /// The line that declares it.
  public var line: Int

  /// A preparation.
  public init(host: String, command: [String], isUnprivileged: Bool = false, line: Int) {
    self.host = host
    self.command = command
    self.isUnprivileged = isUnprivileged
    self.line = line
  }

  /// The statement as a person reads it: `kodos as user: initdb --pgdata data`.
  public var text: String {
    "\(host)\(isUnprivileged ? " as user" : ""): \(command.joined(separator: " "))"
  }
}

extension Script {
  /// Every command that the lab runs, preparations' first, and whether strace watches it.
  public var commands: [(words: [String], isTraced: Bool)] {
    preparations.map { ($0.command, false) } + peers.map { ($0.command, $0.isTraced) }
  }
}
