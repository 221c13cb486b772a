internal import Laboratory
internal import Sockets

/// A running machine: QEMU, and the lines that lead to it.
///
/// It dies with this process, and nothing of it has a name in any directory.
final class Machine {
  /// Our end of its wire: a datagram is a frame.
  let wire: SharedDescriptor
  /// Our end of the line to its agent.
  let agent: SharedDescriptor
  private let monitor: SharedDescriptor
  private let console: SharedDescriptor
  private let process: Int32

  /// Switches the machine on.
  init(_ command: MachineCommand) throws(SystemError) {
    let wire = try SocketPair(.datagrams)
    let agent = try SocketPair(.stream)
    let monitor = try SocketPair(.stream)
    let console = try SharedMemory.anonymousFile(named: "halfopen-console")
    let null = try FileIO.open("/dev/null")
    var child = ChildProcess(
      command: command.words,
      environment: ChildProcess.ownEnvironment,
      descriptors: [
        (null.rawValue, 0), (console.rawValue, 1), (console.rawValue, 2),
        (wire.theirs.rawValue, MachineCommand.wireDescriptor), (agent.theirs.rawValue, MachineCommand.agentDescriptor),
        (monitor.theirs.rawValue, MachineCommand.monitorDescriptor),
        (console.rawValue, MachineCommand.consoleDescriptor),
      ]
    )
    child.leadsSession = true
    process = try child.start()
    self.wire = wire.ours
    self.agent = agent.ours
    self.monitor = monitor.ours
    self.console = console
    FileIO.setNonBlocking(self.wire.rawValue)
    try say(#"{"execute":"qmp_capabilities"}"#)
  }

  /// Lets the host see its carrier go, or come back.
  func setCarrier(_ isUp: Bool) throws(SystemError) {
    try say(#"{"execute":"set_link","arguments":{"name":"\#(MachineCommand.wireName)","up":\#(isUp)}}"#)
  }

  private func say(_ command: String) throws(SystemError) {
    try FileIO.writeAll(Array((command + "\n").utf8), to: monitor.rawValue)
  }

  /// Cuts the power: when this returns the machine is no more.
  func kill() {
    Signal.kill.send(to: process)
    _ = ChildProcess.wait(for: process)
  }

  /// The last that the machine's console and QEMU said, in one line: what process 1 or a kernel in panic complains of, or
  /// else the last lines.
  var lastWords: String {
    let text = (try? FileIO.contents(of: "/proc/self/fd/\(console.rawValue)")) ?? []
    let lines = text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map { String(decoding: $0, as: UTF8.self) }
    let complaints = lines.filter { $0.contains("halfopen: ") || $0.contains("Kernel panic") }
    return (complaints.isEmpty ? lines.suffix(4) : complaints.suffix(4)).joined(separator: "; ")
  }
}
