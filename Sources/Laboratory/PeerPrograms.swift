public import LabScript
internal import Sockets
internal import Strace

/// The programs that a lab's peers run: whether they are there, and where they come from.
public struct PeerPrograms {
  private let directories: [String]
  private let directory: String

  /// Programs as a peer with this environment finds them; relative paths begin at `directory`.
  public init(environment: [String], directory: String) {
    directories = Programs.searchPath(environment)
    self.directory = directory
  }

  /// The Debian package of a program that is likely to be in a lab, or that the laboratory itself uses.
  static let packages = [
    "bridge": "iproute2", "curl": "curl", "ip": "iproute2", "iperf3": "iperf3", "iptables": "iptables",
    "nc": "netcat-openbsd", "nc.openbsd": "netcat-openbsd", "nc.traditional": "netcat-traditional", "ncat": "ncat",
    "nginx": "nginx-light", "nmap": "nmap", "openssl": "openssl", "perl": "perl",
    "qemu-system-x86_64": "qemu-system-x86", "ping": "iputils-ping",
    "psql": "postgresql-client", "python3": "python3", "redis-cli": "redis-tools", "redis-server": "redis-server",
    "ruby": "ruby", "socat": "socat", "ss": "iproute2", "ssh": "openssh-client", "sshd": "openssh-server",
    "strace": "strace", "tcpdump": "tcpdump", "telnet": "inetutils-telnet", "wget": "wget",
  ]

  /// Throws a sentence about every program of the lab that is missing, before anything is built.
  public func check(_ script: Script) throws(LaboratoryError) {
    var messages: [String] = []
    for peer in script.peers {
      if let program = peer.command.first, !isThere(program) {
        messages.append(missing(program, for: "peer '\(peer.name)'"))
      }
      if peer.isTraced, !isThere(StraceCommand.program) {
        messages.append(missing(StraceCommand.program, for: "tracing peer '\(peer.name)'"))
      }
    }
    if !messages.isEmpty { throw LaboratoryError(messages.joined(separator: "; ")) }
  }

  private func isThere(_ program: String) -> Bool {
    if program.hasPrefix("/") { return Programs.isExecutable(program) }
    if program.contains("/") { return Programs.isExecutable(directory + "/" + program) }
    return Programs.path(of: program, in: directories) != nil
  }

  private func missing(_ program: String, for purpose: String) -> String {
    if program.contains("/") { return "\(purpose): there is no program '\(program)'" }
    let remedy = PeerPrograms.packages[program].map { ": apt-get install \($0)" } ?? ""
    return "\(purpose): the program '\(program)' is not installed, or not in PATH\(remedy)"
  }
}
