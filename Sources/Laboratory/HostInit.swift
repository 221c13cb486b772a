internal import CLinux
internal import Glibc
internal import LabScript
internal import Sockets

/// Process 1 of a host: it keeps the host's namespaces, buries orphans, and dies when the power goes.
///
/// It is this same program, run under the name ``commandName`` by the laboratory.
public enum HostInit {
  /// The first argument that makes the program a host's init.
  public static let commandName = "internal:host"

  /// How long an orderly reboot waits for programs after SIGTERM, in seconds, before it kills what is left.
  static let graceInSeconds = 5

  /// Furnishes the host's namespaces, says `ready` on standard output, and serves until it is killed or told to reboot.
  ///
  /// The arguments are the host's name and the directory that it is to see as its own disk.
  public static func main(_ arguments: ArraySlice<String>) -> Never {
    Signal.sendWhenParentEnds(.kill)
    guard let host = arguments.first, let disk = arguments.dropFirst().first else { _exit(2) }
    do {
      let signals = try SignalQueue([.terminate, .childEnded])
      try Namespace.setHostName(host)
      try Namespace.makeMountsPrivate()
      try? Namespace.mountNew("proc", on: "/proc")
      try Namespace.bind(Host.namesPath, on: "/etc/hosts")
      try Namespace.bind(disk, on: HostFile.directory)
      // Shared memory of a program that a power cut kills must not stay in the machine's. A small system has none.
      try? Namespace.mountNew("tmpfs", on: "/dev/shm")
      try FileIO.writeAll(Array("ready\n".utf8), to: 1)
      while true {
        var entries = [PollEntry(signals.descriptor, .readable)]
        _ = try poll(&entries, timeout: nil)
        if signals.read().contains(.terminate) { shutDown() }
        while ChildProcess.reap() != nil {}
      }
    } catch {
      try? FileIO.writeAll(Array("\(error.description)\n".utf8), to: 1)
      _exit(1)
    }
  }

  /// Asks every program of the host to end, waits until they have, and ends the host.
  private static func shutDown() -> Never {
    _ = kill(-1, SIGTERM)
    // A stopped program gets the signal only when it goes on.
    _ = kill(-1, SIGCONT)
    let limit = Clock.monotonic + Int64(graceInSeconds) * 1_000_000_000
    // Their parent is the laboratory, so their end is not told here: look until signal 0 finds nobody.
    while kill(-1, 0) == 0, Clock.monotonic < limit {
      while ChildProcess.reap() != nil {}
      var none: [PollEntry] = []
      _ = try? poll(&none, timeout: .milliseconds(5))
    }
    _exit(0)
  }
}
