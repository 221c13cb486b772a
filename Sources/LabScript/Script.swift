/// A lab: what one `.lab` file says, checked, with its parameters filled in.
///
/// The language is documented in docs/lab-language.md.
public struct Script: Hashable, Sendable {
  /// The lab's name: its file's name without the ending, and behind a colon the variant's.
  public var name: String
  /// One line that says which case it is.
  public var title: String
  /// What the reader should try to answer before running it.
  public var question: String
  /// The answer, in a few sentences.
  public var answer: String
  /// Why the lab cannot run in virtual time; `nil` if it can.
  public var realTimeOnly: String?
  /// What is between the hosts.
  public var network: NetworkKind
  /// What they speak.
  public var family: AddressFamily
  /// Why the lab runs over IPv4 only; `nil` if it runs over IPv6 too.
  public var onlyIPv4: String?
  /// The box in the router that keeps a table of connections, if there is one.
  public var middlebox: Middlebox?
  /// The hosts, in the order of their declaration; `kang` and `kodos` unless the file declares others.
  public var hosts: [HostDeclaration]
  /// The parameters, with the values they have in this run.
  public var parameters: [Parameter]
  /// The named sets of parameter values.
  public var variants: [Variant]
  /// The name of the variant that this is; `nil` for the lab as it stands in the file.
  public var variant: String?
  /// The kernel settings.
  public var sysctls: [SysctlSetting]
  /// The Debian packages that the lab says it needs.
  public var needs: [String]
  /// The files that hosts have on their disks from the beginning.
  public var files: [HostFile]
  /// What makes the files that no text can, in order.
  public var preparations: [Preparation]
  /// The programs.
  public var peers: [PeerDeclaration]
  /// The hosts whose own stack refuses packets, since the lab is about that.
  public var misleadingHosts: Set<String>
  /// What sources say happened there.
  public var published: [PublishedClaim]
  /// What is done and expected, in order.
  public var steps: [Step]

  /// An empty lab called `name`.
  public init(name: String) {
    self.name = name
    title = ""
    question = ""
    answer = ""
    network = .lan
    family = .ipv4
    hosts = []
    parameters = []
    variants = []
    sysctls = []
    needs = []
    files = []
    preparations = []
    peers = []
    misleadingHosts = []
    published = []
    steps = []
  }
}

/// What is between the hosts.
public enum NetworkKind: String, Hashable, Sendable, CaseIterable {
  /// One switch: every host on the same Ethernet segment, 10.88.88.0/24 or fd10:88:0:88::/64.
  case lan
  /// A router between the hosts, one segment each: 10.88.1.0/24, 10.88.2.0/24, … or fd10:88:0:1::/64, … It drops what it cannot deliver,
  /// silently: its neighbour entries are permanent, so a dead host is silence and not an ICMP error.
  case routed
}

/// A host of the laboratory.
public struct HostDeclaration: Hashable, Sendable {
  /// Its name, which is also its host name.
  public var name: String
  /// Its address, without a prefix length.
  public var address: String
  /// The line that declares it; 0 for the two default hosts.
  public var line: Int

  /// A host.
  public init(name: String, address: String, line: Int) {
    self.name = name
    self.address = address
    self.line = line
  }
}

/// A value that a run may change with `--set`.
public struct Parameter: Hashable, Sendable {
  /// Its name, written `$name` where it is used.
  public var name: String
  /// The file's own value.
  public var defaultValue: String
  /// The value in this run.
  public var value: String
  /// The line that declares it.
  public var line: Int

  /// A parameter.
  public init(name: String, defaultValue: String, value: String, line: Int) {
    self.name = name
    self.defaultValue = defaultValue
    self.value = value
    self.line = line
  }
}

/// A kernel setting, per network namespace.
public struct SysctlSetting: Hashable, Sendable {
  /// Its full name: `net.ipv4.tcp_retries2`.
  public var name: String
  /// Its value, as written to /proc/sys.
  public var value: String
  /// The only host it is for; `nil` for all.
  public var host: String?
  /// The line that sets it.
  public var line: Int

  /// A setting.
  public init(name: String, value: String, host: String?, line: Int) {
    self.name = name
    self.value = value
    self.host = host
    self.line = line
  }
}

/// A file on a host's disk.
public struct HostFile: Hashable, Sendable {
  /// Its name in the directory ``directory``.
  public var name: String
  /// The host that has it.
  public var host: String
  /// What it holds.
  public var text: String
  /// The line that declares it.
  public var line: Int

  /// A file.
  public init(name: String, host: String, text: String, line: Int) {
    self.name = name
    self.host = host
    self.text = text
    self.line = line
  }

  /// Where every host has its own disk.
  public static let directory = "/run/disk"
}

/// A program on a host.
public struct PeerDeclaration: Hashable, Sendable {
  /// Its name in the script.
  public var name: String
  /// The host it runs on.
  public var host: String
  /// The program and its arguments.
  public var command: [String]
  /// Whether strace watches it and tells its system calls.
  public var isTraced: Bool
  /// Whether it runs as an ordinary user and not as the host's root.
  public var isUnprivileged: Bool
  /// The line that declares it.
  public var line: Int

  /// A peer.
  public init(
    name: String,
    host: String,
    command: [String],
    isTraced: Bool = false,
    isUnprivileged: Bool = false,
    line: Int
  ) {
    self.name = name
    self.host = host
    self.command = command
    self.isTraced = isTraced
    self.isUnprivileged = isUnprivileged
    self.line = line
  }

  /// The word before the command of a peer that strace watches.
  public static let tracedWord = "traced"

  /// The command as a person reads it, its words separated by blanks: `traced nc kodos 8080`.
  public var commandText: String {
    ((isTraced ? [PeerDeclaration.tracedWord] : []) + command).joined(separator: " ")
  }
}

/// What a source says happened in this case.
public struct PublishedClaim: Hashable, Sendable {
  /// What was observed; the verdicts show it beside the expectation on the same subject.
  public var condition: Condition
  /// When, after the action before, or how long it lasted, if the source says.
  public var after: Duration?
  /// Who published it, and on which system.
  public var source: String
  /// The line that cites it.
  public var line: Int

  /// A claim.
  public init(condition: Condition, after: Duration?, source: String, line: Int) {
    self.condition = condition
    self.after = after
    self.source = source
    self.line = line
  }
}
