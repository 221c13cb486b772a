import Sockets
import Timeline

/// Sets the options of the command line on sockets, and says where the kernel gives something else than was asked.
struct SocketSetup {
  let settings: Settings
  let events: EventWriter

  /// What must be set before the handshake: buffers decide the window's scale, retries concern the SYN itself.
  ///
  /// A listener's are inherited by the connections it accepts.
  func prepare(_ socket: borrowing TCPSocket, as subject: SystemCall.Subject) throws(Failure) {
    try setSize(.sendBuffer, settings.sendBuffer, "--send-buffer", "net.core.wmem_max", socket, subject)
    try setSize(.receiveBuffer, settings.receiveBuffer, "--receive-buffer", "net.core.rmem_max", socket, subject)
    if let retries = settings.synRetries { try set(.synRetries, retries, "\(retries)", socket, subject) }
    if let time = settings.deferAccept { try set(.deferAccept, time, time.text, socket, subject) }
  }

  /// What concerns the connection itself; on a client's socket it holds for the handshake too.
  func configure(_ socket: borrowing TCPSocket) throws(Failure) {
    if let idle = settings.keepAliveIdle { try set(.keepAliveIdle, idle, idle.text, socket, .socket) }
    if let interval = settings.keepAliveInterval {
      try set(.keepAliveInterval, interval, interval.text, socket, .socket)
    }
    if let count = settings.keepAliveCount { try set(.keepAliveCount, count, "\(count)", socket, .socket) }
    if settings.keepsAlive { try set(.keepAlive, true, "on", socket, .socket) }
    if let time = settings.userTimeout { try set(.userTimeout, time, time.text, socket, .socket) }
    if let time = settings.linger { try set(.linger, time, time.text, socket, .socket) }
    if settings.noDelay { try set(.noDelay, true, "on", socket, .socket) }
  }

  /// Compares the backlog that a listener got with what was asked for.
  func checkBacklog(of listener: borrowing TCPSocket) {
    guard let asked = settings.backlog, let info = try? listener.info(), let granted = info.selectivelyAcknowledged,
      Int(granted) != asked
    else { return }
    Console.complain("option '--backlog': the kernel gives \(granted), not \(asked) (net.core.somaxconn)")
  }

  func set<Value>(
    _ option: SocketOption<Value>,
    _ value: Value,
    _ text: String,
    _ socket: borrowing TCPSocket,
    _ subject: SystemCall.Subject
  ) throws(Failure) {
    do throws(SystemError) {
      try events.call("setsockopt", of: subject, detail: "\(option.name) \(text)") { () throws(SystemError) in
        try socket.set(option, to: value)
      }
    } catch {
      throw .system(error)
    }
  }

  /// The kernel silently cuts a buffer to the system's limit; half of what it then says is what was granted.
  private func setSize(
    _ option: SocketOption<Int>,
    _ asked: Int?,
    _ name: String,
    _ limit: String,
    _ socket: borrowing TCPSocket,
    _ subject: SystemCall.Subject
  ) throws(Failure) {
    guard let asked else { return }
    try set(option, asked, "\(asked)", socket, subject)
    if let granted = try? socket.get(option) / 2, granted != asked {
      let reason = granted < asked ? " (\(limit))" : ", its smallest"
      Console.complain("option '\(name)': the kernel gives \(granted) bytes, not \(asked)\(reason)")
    }
  }
}
