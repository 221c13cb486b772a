internal import CLinux
internal import Glibc

/// What execve(2) needs, as C has it, made before there is a child: that one may live in its parent's memory.
///
/// Plain pointers: an access to a variable that is under way while the child becomes its program would stay so in the
/// parent, with its record on the child's stack.
@safe final class Launch {
  private let candidates: [UnsafeMutablePointer<CChar>]
  private let arguments: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>
  private let variables: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

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
    unsafe candidates = unsafe paths.compactMap { unsafe strdup($0) }
    unsafe arguments = Launch.strings(command)
    unsafe variables = Launch.strings(environment)
  }

  private static func strings(_ texts: [String]) -> UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?> {
    let strings = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    _ = unsafe strings.initialize(from: texts.map { unsafe strdup($0) } + [nil])
    return unsafe strings
  }

  deinit {
    unsafe candidates.forEach { unsafe free($0) }
    unsafe Launch.release(arguments)
    unsafe Launch.release(variables)
  }

  private static func release(_ strings: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>) {
    unsafe strings.forEach { unsafe free($0) }
    unsafe strings.deallocate()
  }

  /// Becomes the program; returns only with the reason why not: like execvp(3), which goes on to the next directory only
  /// where there is no such program or one that may not be run.
  func execute() -> Errno {
    var error = Errno.noSuchFile
    for index in unsafe candidates.indices {
      // The path has a slash: no search, only the shell for a script without a first line.
      _ = unsafe execvpe(candidates[index], arguments.baseAddress, variables.baseAddress)
      switch Errno.last.rawValue {
      case ENOENT, ENOTDIR: continue
      case EACCES: error = .last
      default: return .last
      }
    }
    return error
  }
}
