internal import LabScript
internal import Sockets
internal import Timeline

// Code that an emulated processor has never run takes it many times as long. So what will have to be quick is done once
// before the lab begins.

extension HostAgent {
  /// Rehearses a look at the sockets, and the start of a program.
  func rehearse() throws(LaboratoryError) {
    do throws(SystemError) {
      _ = try sampler.sample(now: { Clock.monotonic })
      // The demo nc can be started for nothing; what others would do nobody knows.
      guard script.peers.contains(where: { $0.host == host && $0.command.first == "dnc" }) else { return }
      let declaration = PeerDeclaration(name: "", host: host, command: ["dnc", "--help"], line: 0)
      let peer = try Peer(declaration, entrances: [], environment: environment, directory: directory)
      _ = ChildProcess.wait(for: peer.process)
      _ = peer.read(now: sink.now, origin: sink.origin).map(\.line)
    } catch {
      throw LaboratoryError("the machine's rehearsal", error)
    }
  }

  /// Asks every other host for a connection that it refuses, and forgets afterwards what the neighbours are called.
  ///
  /// Otherwise the round trip of the lab's first handshake would be that of code that was never run, and the retransmission
  /// timeout follows from it.
  func rehearseWires() throws(LaboratoryError) {
    for other in script.hosts where other.name != host {
      for _ in 0..<HostAgent.rehearsals {
        let addresses = try? SocketAddress.resolve(host: other.address, port: HostAgent.closedPort, numericOnly: true)
        guard let address = addresses?.first else { continue }
        do throws(SystemError) {
          let socket = try TCPSocket(address.family)
          socket.setNonBlocking(true)
          try? socket.connect(to: address)
          var entries = [PollEntry(socket.rawValue, .writable)]
          _ = try poll(&entries, timeout: .seconds(1))
        } catch {
          throw LaboratoryError("the machine's rehearsal", error)
        }
      }
    }
    try Tools(environment: environment, family: script.family) { _ in }.run("ip neigh flush dev eth0")
  }

  private static let rehearsals = 3
  /// Nothing listens on TCP's discard port in a machine that has just booted.
  private static let closedPort = "9"
}
