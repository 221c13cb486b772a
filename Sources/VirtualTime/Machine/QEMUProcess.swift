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

  /// Starts QEMU, with some more descriptors than every guest has: ours, and the number that it is to have there.
  init(_ command: QEMUCommand, descriptors: [(ours: CInt, theirs: CInt)]) throws(SystemError) {
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
      ] + descriptors
    )
    child.leadsSession = true
    child.directory = "/"
    process = try child.start()
    self.bell = bell.reading
    monitorInput = input.writing
    monitorOutput = output.reading
    FileIO.setNonBlocking(self.bell.rawValue)
    FileIO.setNonBlocking(monitorOutput.rawValue)
  }

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

  /// Lets the guest stand still, its clock with it.
  func halt() { Signal.stop.send(to: process) }

  /// Lets a halted guest go on.
  func goOn() { Signal.goOn.send(to: process) }

  /// Waits for QEMU's end.
  func wait() -> ProcessEnding? {
    if ending == nil { ending = ChildProcess.wait(for: process) ?? .exited(1) }
    return ending
  }

  /// What the guest's kernel wrote to its console last.
  var consoleText: ConsoleText {
    let size = FileIO.size(of: console.rawValue)
    return ConsoleText(
      String(decoding: FileIO.bytes(console.rawValue, at: max(0, size - 16384), count: 16384), as: UTF8.self)
    )
  }

  /// The last lines of the guest's console and of QEMU's own complaints.
  var lastWords: [String] {
    let complaints = heard().split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("{") }
    return consoleText.end + complaints.suffix(4).map(String.init)
  }

  /// Why QEMU is gone, if it is not for having been told to; waits for its end.
  var cause: String {
    switch wait() {
    case .exited(0): consoleText.panic ?? "QEMU ended, as it does when a guest's kernel panics"
    case .exited(let code): "QEMU exited with \(code)"
    case .signaled(.bus): "QEMU was ended by SIGBUS: there is no room left for its guest's memory"
    case .signaled(let signal): "QEMU was ended by \(signal.name)"
    case nil: "QEMU is gone"
    }
  }
}
