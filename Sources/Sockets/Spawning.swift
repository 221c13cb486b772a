internal import CLinux
internal import Glibc

/// A program started by posix_spawn(3), which is safe in a process with many threads, where ``ChildProcess`` is not.
///
/// It has default signals, none of them blocked, and a process group of its own, so that Ctrl-C reaches this process
/// alone.
public struct Spawning {
  private let words: [String]
  private let environment: [String]
  private let descriptors: [CInt]

  /// The program, looked up in this process's PATH if it has no slash, and its arguments; its environment, `NAME=value`
  /// each; and its descriptors from 0 on.
  public init(words: [String], environment: [String], descriptors: [CInt]) {
    self.words = words
    self.environment = environment
    self.descriptors = descriptors
  }

  /// Starts the program and returns its process number.
  public func start() throws(SystemError) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    setSignals(&attributes)
    let (arguments, variables) = (CStrings(words), CStrings(environment))
    var process: pid_t = 0
    let result = withExtendedLifetime((arguments, variables)) {
      unsafe posix_spawnp(&process, words[0], &actions, &attributes, arguments.start, variables.start)
    }
    guard result == 0 else {
      throw SystemError(call: "posix_spawnp", subject: words[0], errno: Errno(rawValue: result))
    }
    return process
  }

  private func setSignals(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
    )
  }
}
