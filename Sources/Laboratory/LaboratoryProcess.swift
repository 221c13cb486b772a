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
      let own = LaboratorySetup.Surroundings(environment: environment(), directory: currentDirectory())
      let line = try readLine()
      if line.hasPrefix(preparationWord) {
        let prototype = try LaboratorySetup.reading(String(line.dropFirst(preparationWord.count)))
        try Isolation.enter()
        try run(preparedFrom: prototype, sink: sink, own: own)
      } else {
        let setup = try LaboratorySetup.reading(line)
        try Isolation.enter()
        let script = try setup.readScript()
        try run(try runner(script, setup, sink, own), sink)
      }
      _exit(0)
    } catch {
      finish(sink, reason: error.message)
      _exit(cannotRun)
    }
  }

  /// The word before a setup that is not to be run, but only to be built for: another setup follows it.
  public static let preparationWord = "prepare "
  /// The line that says that all is built.
  public static let preparedLine = "prepared"
  /// The byte that follows the last event of a prepared laboratory: all is told, and what is left is only to clear away,
  /// which whoever ends the machine with it may leave out.
  public static let completion = UInt8(ascii: "\u{4}")

  /// Builds the network of `prototype`, says so, and runs the lab whose setup comes after that.
  private static func run(preparedFrom prototype: LaboratorySetup, sink: EventSink, own: LaboratorySetup.Surroundings)
    throws(LaboratoryError)
  {
    let prepared = try prototype.readScript()
    let runner = try runner(prepared.groundwork, prototype, sink, own)
    try runner.build()
    // Which firewall program works here is found out by trying; whether it is missed is for the lab to say. Where another
    // lab than this one may come, it may need one.
    if prototype.start == nil || prepared.steps.contains(where: \.isFirewall) { _ = runner.network.tools.iptables }
    // What a program does for the first time costs it most: here it does not count.
    _ = Event(time: .zero, body: .begin(runner.beginning(kernel: kernelRelease()))).lineBytes
    do throws(SystemError) {
      try FileIO.writeAll(Array((preparedLine + "\n").utf8), to: 1)
    } catch {
      throw LaboratoryError("the laboratory's preparation", error)
    }
    let setup = try LaboratorySetup.reading(try readLine())
    let surroundings = setup.surroundings ?? own
    try runner.adopt(
      setup.isOfSameLab(as: prototype) ? prepared : try setup.readScript(),
      setup,
      environment: surroundings.environment,
      directory: surroundings.directory,
      kernel: kernelRelease()
    )
    if let start = setup.start { Clock.sleep(until: start) }
    sink.forgetTimes()
    try run(runner, sink) { () throws(SystemError) in try FileIO.writeAll([completion], to: 1) }
  }

  private static func runner(
    _ script: Script,
    _ setup: LaboratorySetup,
    _ sink: EventSink,
    _ own: LaboratorySetup.Surroundings
  ) throws(LaboratoryError) -> Runner {
    let surroundings = setup.surroundings ?? own
    return try Runner(
      script: script,
      setup: setup,
      sink: sink,
      environment: surroundings.environment,
      directory: surroundings.directory,
      kernel: kernelRelease()
    )
  }

  /// Runs the lab, and calls `complete` when everything is told.
  private static func run(
    _ runner: Runner,
    _ sink: EventSink,
    complete: () throws(SystemError) -> Void = {}
  ) throws(LaboratoryError) {
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
    try? complete()
    runner.destroySockets()
  }

  static func finish(_ sink: EventSink, reason: String?) {
    sink.heldFrom = nil
    sink.note(.end(reason: reason))
    try? sink.flush()
  }

  static func readLine() throws(LaboratoryError) -> String {
    var bytes: [UInt8] = []
    do {
      while bytes.last != UInt8(ascii: "\n"), case .bytes(let more) = try FileIO.read(0, upTo: 1 << 20) {
        bytes += more
      }
    } catch {
      throw LaboratoryError("reading the setup", error)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The caller's environment, with the directories of this program and of the system's tools in PATH.
  public static func environment() -> [String] {
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

  /// The directory that this process is in, in which the peers start.
  public static func currentDirectory() -> String {
    guard let path = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  private static func kernelRelease() -> String {
    let text = (try? FileIO.contents(of: "/proc/sys/kernel/osrelease")).map { String(decoding: $0, as: UTF8.self) }
    return text.map { String($0.prefix { $0 != "\n" }) } ?? "unknown"
  }
}

extension LaboratorySetup {
  /// Reads the text of a setup, or says that there is none.
  static func reading(_ text: String) throws(LaboratoryError) -> LaboratorySetup {
    guard let setup = LaboratorySetup(text: text) else {
      throw LaboratoryError("the laboratory is started by 'halfopen run', not by hand")
    }
    return setup
  }
}

extension Step {
  /// Whether it needs the firewall's program.
  fileprivate var isFirewall: Bool { if case .firewall = action { true } else { false } }
}
