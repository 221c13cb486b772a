import Sockets
import Testing

/// Shell scripts, as a person would type them.
enum Shell {
  /// Runs a script with `$dnc` naming the built program and `$dir` a fresh directory in memory.
  ///
  /// Returns what it prints.
  static func run(_ script: String) throws -> String {
    let preamble = """
      set -eu
      dnc='\(Program.directory)/dnc'
      dir=$(mktemp -d -p /dev/shm)
      trap 'rm -rf "$dir"' EXIT

      """
    let program = try Program(["-c", preamble + script], executable: "/bin/sh", events: .closed)
    let ending = try program.finish(within: .seconds(120))
    try #require(ending == .exited(0), "\(program.complaint)")
    return String(decoding: program.output, as: UTF8.self)
  }
}
