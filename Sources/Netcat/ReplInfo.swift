import Sockets
import Timeline

/// Prints the options of a socket as the kernel has them.
func showOptionValues(of socket: borrowing TCPSocket) {
  let duration: [(SocketOption<Duration>, String)] = [
    (.keepAliveIdle, "system's"), (.keepAliveInterval, "system's"), (.userTimeout, "the system's limits"),
    (.deferAccept, "off"),
  ]
  let counts: [SocketOption<Int>] = [.keepAliveCount, .synRetries, .sendBuffer, .receiveBuffer]
  let flags: [SocketOption<Bool>] = [.keepAlive, .noDelay, .reuseAddress]
  for flag in flags { line(flag.name, (try? socket.get(flag)).map { $0 ? "on" : "off" }) }
  for (option, zero) in duration {
    line(option.name, (try? socket.get(option)).map { $0 == .zero ? "0 (\(zero))" : $0.text })
  }
  for count in counts { line(count.name, (try? socket.get(count)).map(String.init)) }
  line(SocketOption.linger.name, (try? socket.get(.linger))?.text ?? "off")
}

/// Prints what the kernel knows of a connection.
func showConnection(_ socket: borrowing TCPSocket) {
  let info: TCPInfo
  do throws(SystemError) {
    info = try socket.info()
  } catch {
    return Console.answer(error.description)
  }
  line("local", socket.localAddress?.description)
  line("remote", socket.peerAddress?.description ?? "not connected")
  line("state", info.state.map { TCPState(rawValue: $0)?.name ?? "\($0)" })
  line("retransmits", info.retransmits.map(String.init))
  line("probes", info.probes.map(String.init))
  line("backoff", info.backoff.map(String.init))
  line("retransmission timeout", info.retransmissionTimeout.map(microseconds))
  line("round-trip time", info.roundTripTime.map(microseconds))
  line("unacknowledged segments", info.unacknowledged.map(String.init))
  line("retransmissions, total", info.totalRetransmissions.map(String.init))
  line("timeouts, total", info.totalTimeouts.map(String.init))
  line("bytes acknowledged", info.bytesAcknowledged.map(String.init))
  line("bytes received", info.bytesReceived.map(String.init))
  line("bytes not yet sent", info.bytesNotSent.map(String.init))
  line("send queue", socket.sendQueue.map(String.init))
  line("receive queue", socket.receiveQueue.map(String.init))
  line("data sent last", info.lastDataSent.map(ago))
  line("data received last", info.lastDataReceived.map(ago))
  line("acknowledged last", info.lastAcknowledgmentReceived.map(ago))
  line("peer's window", info.peerWindow.map(String.init))
}

/// A name and its value in two columns; nothing for what this kernel does not tell.
private func line(_ name: String, _ value: String?) {
  guard let value else { return }
  Console.answer("  " + name + String(repeating: " ", count: max(1, 25 - name.count)) + value)
}

private func microseconds(_ value: UInt32) -> String { Duration.microseconds(Int64(value)).text }

private func ago(_ milliseconds: UInt32) -> String { Duration.milliseconds(Int64(milliseconds)).text + " ago" }
