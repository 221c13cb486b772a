internal import Timeline

/// A middle box in the router: it keeps a table of the connections through it, and forgets those that are idle.
public struct Middlebox: Hashable, Sendable {
  /// What the box does with addresses.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A stateful firewall: it only watches.
    case firewall
    /// Its host is hidden behind the router's address.
    case nat
    /// Its host answers for the address that clients connect to, which is the box's own.
    case balancer
  }

  /// What the box does with a packet of a connection that it does not know (any more).
  public enum Unknown: String, Hashable, Sendable, CaseIterable {
    /// Nothing: the packet vanishes.
    case drop
    /// It answers with an RST in the receiver's name.
    case reset
    /// It takes the connection into its table again, as Linux does by itself (`nf_conntrack_tcp_loose`).
    case pickUp = "pick-up"
  }

  /// A well-known box.
  public struct Preset: Hashable, Sendable {
    /// Its name in the language.
    public var name: String
    /// What it does with addresses.
    public var kind: Kind
    /// How long a connection may be idle.
    public var idle: Duration
    /// What becomes of a packet that comes later.
    public var unknown: Unknown
  }

  /// The boxes that a lab can name; where each figure is from stands in docs/lab-language.md.
  public static let presets = [
    Preset(name: "aws-nat-gateway", kind: .nat, idle: .seconds(350), unknown: .reset),
    Preset(name: "aws-nlb", kind: .balancer, idle: .seconds(350), unknown: .reset),
    Preset(name: "azure-load-balancer", kind: .balancer, idle: .seconds(240), unknown: .drop),
    Preset(name: "gcp-cloud-nat", kind: .nat, idle: .seconds(1200), unknown: .drop),
    Preset(name: "linux-conntrack", kind: .firewall, idle: .seconds(432_000), unknown: .pickUp),
  ]

  /// The name by which programs find a balancer: it is in every host's /etc/hosts.
  public static let balancerName = "balancer"

  /// What it does with addresses.
  public var kind: Kind
  /// The host that a `nat` hides, or that stands behind a `balancer`; `nil` for a firewall.
  public var host: String?
  /// How long a connection may be idle before it is forgotten, in whole seconds.
  public var idle: Duration
  /// What becomes of the packets of connections that it does not know.
  public var unknown: Unknown
  /// The line that declares it.
  public var line: Int

  /// The box in words: `nat for kang, idle 5m50s then drop`.
  public var text: String {
    "\(kind.rawValue)\(host.map { " for " + $0 } ?? ""), idle \(idle.text) then \(unknown.rawValue)"
  }

  /// A box.
  public init(kind: Kind, host: String?, idle: Duration, unknown: Unknown, line: Int) {
    self.kind = kind
    self.host = host
    self.idle = idle
    self.unknown = unknown
    self.line = line
  }
}
