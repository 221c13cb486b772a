internal import Glibc
internal import Laboratory
internal import Sockets

/// Process 1 of a machine in real time, once the guest is furnished: the agent of one host, which the runner commands
/// over a serial line.
enum MachineInit {
  /// Whether the kernel was told that this is the machine of a host.
  static var isMeant: Bool { unsafe getenv(MachineCommand.hostVariable) != nil }

  /// Serves the runner; returns only if that is impossible.
  static func serve() throws(GuestFailure) {
    let reason: String
    do {
      let line = try FileIO.open(MachineCommand.agentDevice, for: .readingAndWriting)
      Terminal.makeRaw(line.rawValue)
      reason = HostAgent.serve(line.rawValue)
    } catch {
      throw GuestFailure("the line to the runner", error)
    }
    throw GuestFailure(reason)
  }
}
