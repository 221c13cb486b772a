internal import CLinux
internal import Laboratory
internal import Sockets

/// A running QEMU and what leads to it: the mailbox, the bell, the console and the monitor.
///
/// It dies with this process, and none of these has a name in any directory.
final class QEMUProcess {
  let mailbox: Mailbox
  /// Readable when the guest has rung; at its end QEMU is gone.
  let bell: SharedDescriptor
  private let process: Int32
  private let console: SharedDescriptor
  private let monitorInput: SharedDescriptor
  private let monitorOutput: SharedDescriptor
  /// What QEMU itself said.
  private var said: [UInt8] = []
  private var ending: ProcessEnding?

  /// Starts QEMU in `directory`, with `state` as one more descriptor, of number ``stateDescriptor``.
  init(_ command: QEMUCommand, directory: String, state: SharedDescriptor? = nil) throws(SystemError) {
    mailbox = Mailbox(memory: try SharedMemory(named: "halfopen-mailbox", size: Mailbox.size))
    console = try SharedMemory.anonymousFile(named: "halfopen-console")
    let bell = try Pipe()
    let input = try Pipe()
    let output = try Pipe()
    var child = ChildProcess(
      command: command.words,
      environment: ChildProcess.ownEnvironment,
      descriptors: [
        (input.reading.rawValue, 0), (output.writing.rawValue, 1), (output.writing.rawValue, 2),
        (mailbox.memory.descriptor, QEMUCommand.mailboxDescriptor), (bell.writing.rawValue, QEMUCommand.bellDescriptor),
        (console.rawValue, QEMUCommand.consoleDescriptor),
      ] + (state.map { [($0.rawValue, QEMUProcess.stateDescriptor)] } ?? [])
    )
    child.leadsSession = true
    child.directory = directory
    process = try child.start()
    self.bell = bell.reading
    monitorInput = input.writing
    monitorOutput = output.reading
    FileIO.setNonBlocking(self.bell.rawValue)
    FileIO.setNonBlocking(monitorOutput.rawValue)
  }

  static let stateDescriptor: Int32 = 6

  deinit {
    guard ending == nil else { return }
    kill()
    _ = wait()
  }

  /// Says something to the monitor.
  func say(_ commands: [String]) throws(SystemError) {
    try FileIO.writeAll(Array(commands.map { $0 + "\n" }.joined().utf8), to: monitorInput.rawValue)
  }

  /// What to poll for the monitor's answers.
  var monitor: CInt { monitorOutput.rawValue }

  /// What QEMU has answered so far.
  func heard() -> String {
    while case .bytes(let bytes) = try? FileIO.read(monitorOutput.rawValue) { said += bytes }
    return String(decoding: said, as: UTF8.self)
  }

  /// How often the guest has rung since the last call, and what; `nil` once QEMU is gone and all was heard.
  func rings() -> [UInt8]? {
    switch try? FileIO.read(bell.rawValue) {
    case .bytes(let bytes): bytes
    case .wouldBlock: []
    case .end, nil: nil
    }
  }

  /// Ends QEMU at once.
  func kill() { Signal.kill.send(to: process) }

  /// Waits for QEMU's end.
  func wait() -> ProcessEnding? {
    if ending == nil { ending = ChildProcess.wait(for: process) ?? .exited(1) }
    return ending
  }

  /// The last lines of the guest's console and of QEMU's own complaints.
  var lastWords: [String] {
    let size = FileIO.size(of: console.rawValue)
    let text = String(decoding: FileIO.bytes(console.rawValue, at: max(0, size - 8192), count: 8192), as: UTF8.self)
    let complaints = heard().split(separator: "\n").filter { !$0.hasPrefix("{") }
    let lines = text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }).suffix(12) + complaints.suffix(4)
    return lines.map { line in String(line.filter { !$0.isASCII || $0 >= " " }.prefix(160)) }.filter { !$0.isEmpty }
  }
}
