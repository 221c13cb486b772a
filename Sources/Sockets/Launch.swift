internal import CLinux
internal import Glibc

/// What execve(2) needs, as C has it, made before there is a child: that one may live in its parent's memory.
final class Launch {
  private let candidates: CStrings
  private let arguments: CStrings
  private let variables: CStrings

  /// A program, looked up in the environment's PATH if it has no slash; this process's own PATH where the environment
  /// has none.
  init(_ command: [String], _ environment: [String]) {
    let program = command.first ?? ""
    let own = unsafe getenv("PATH").map { unsafe String(cString: $0) }
    let given = environment.first { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) }
    let path = given ?? own ?? "/bin:/usr/bin"
    let directories = path.split(separator: ":", omittingEmptySubsequences: false)
    let paths =
      program.contains("/") ? [program] : directories.map { ($0.isEmpty ? "." : $0) + "/" + program }
    candidates = CStrings(paths)
    arguments = CStrings(command)
    variables = CStrings(environment)
  }

  /// Becomes the program; returns only with the reason why not: like execvp(3), which goes on to the next directory only
  /// where there is no such program or one that may not be run.
  func execute() -> Errno {
    var error = Errno.noSuchFile
    var next = unsafe candidates.start
    while let path = unsafe next.pointee {
      unsafe next += 1
      // The path has a slash: no search, only the shell for a script without a first line.
      _ = unsafe execvpe(path, arguments.start, variables.start)
      switch Errno.last.rawValue {
      case ENOENT, ENOTDIR: continue
      case EACCES: error = .last
      default: return .last
      }
    }
    return error
  }
}
