internal import CLinux
internal import Glibc
internal import LabScript
internal import Sockets
internal import Timeline

/// The process that a lab runs in: this same program, started by the front under the name ``commandName``.
///
/// Its standard input is a pipe with one line, the ``LaboratorySetup``, that stays open for as long as the front lives;
/// its standard output is a pipe that takes the timeline, one event a line.
public enum LaboratoryProcess {
  /// The first argument that makes the program a laboratory.
  public static let commandName = "internal:laboratory"

  /// The exit status that says: this machine cannot run the lab.
  ///
  /// The reason is in the timeline's last event.
  public static let cannotRun: Int32 = 3

  /// Isolates itself, runs the lab, and exits.
  public static func main() -> Never {
    Signal.ignoreBrokenPipes()
    let sink = EventSink(output: 1)
    do {
      let directory = currentDirectory()
      let environment = environment()
      let setup = try readSetup()
      try Isolation.enter()
      try run(setup, sink: sink, environment: environment, directory: directory)
      _exit(0)
    } catch {
      finish(sink, reason: error.message)
      _exit(cannotRun)
    }
  }

  private static func run(_ setup: LaboratorySetup, sink: EventSink, environment: [String], directory: String)
    throws(LaboratoryError)
  {
    let script: Script
    let reading = Script.read(
      text: Array(setup.script.utf8),
      path: setup.path,
      settings: setup.settings,
      variant: setup.variant,
      family: setup.family.flatMap(AddressFamily.init)
    )
    switch reading {
    case .script(let read): script = read
    case .mistakes(let mistakes): throw LaboratoryError(mistakes.first?.message ?? "the lab is broken")
    }
    let runner = try Runner(
      script: script,
      setup: setup,
      sink: sink,
      environment: environment,
      directory: directory,
      kernel: kernelRelease()
    )
    var reason: String?
    do throws(Runner.Stop) {
      try runner.run(kernel: kernelRelease())
    } catch {
      switch error {
      case .frontGone: return runner.destroySockets()
      case .inVain(let line, let text): reason = "line \(line), '\(text)', did not come about"
      case .broken(let error): throw error
      }
    }
    try runner.finishCapture()
    finish(sink, reason: reason)
    runner.destroySockets()
  }

  private static func finish(_ sink: EventSink, reason: String?) {
    sink.heldFrom = nil
    sink.note(.end(reason: reason))
    try? sink.flush()
  }

  private static func readSetup() throws(LaboratoryError) -> LaboratorySetup {
    var bytes: [UInt8] = []
    do {
      while bytes.last != UInt8(ascii: "\n"), case .bytes(let more) = try FileIO.read(0, upTo: 1 << 20) {
        bytes += more
      }
    } catch {
      throw LaboratoryError("reading the setup", error)
    }
    guard let setup = LaboratorySetup(text: String(decoding: bytes, as: UTF8.self)) else {
      throw LaboratoryError("the laboratory is started by 'halfopen run', not by hand")
    }
    return setup
  }

  /// The caller's environment, with the directories of this program and of the system's tools in PATH.
  private static func environment() -> [String] {
    var variables = ChildProcess.ownEnvironment
    let path = variables.first { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) } ?? ""
    let own = ChildProcess.ownDirectory.map { [$0] } ?? []
    let directories =
      own + path.split(separator: ":").map(String.init) + Tools.systemDirectories
      + PeerPrograms.serverDirectories
    variables.removeAll { $0.hasPrefix("PATH=") }
    variables.append("PATH=" + directories.joined(separator: ":"))
    return variables
  }

  private static func currentDirectory() -> String {
    guard let path = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  private static func kernelRelease() -> String {
    let text = (try? FileIO.contents(of: "/proc/sys/kernel/osrelease")).map { String(decoding: $0, as: UTF8.self) }
    return text.map { String($0.prefix { $0 != "\n" }) } ?? "unknown"
  }
}
