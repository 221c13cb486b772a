/// One statement of a lab that does or expects something.
public struct Step: Hashable, Sendable {
  /// The statement's line in the file, from 1.
  public var line: Int
  /// The statement as written, with parameters filled in and runs of blanks made one.
  public var text: String
  /// How long to wait after the step before, from `after 1s …`.
  public var delay: Duration?
  /// What to do.
  public var action: Action

  /// A step.
  public init(line: Int, text: String, delay: Duration? = nil, action: Action) {
    self.line = line
    self.text = text
    self.delay = delay
    self.action = action
  }
}

/// What a step does.
public enum Action: Hashable, Sendable {
  /// `start client`
  case start(peer: String)
  /// `client types "text"`: the text and a line's end, into its standard input.
  case types(peer: String, text: String)
  /// `client ends input`: closes its standard input.
  case endsInput(peer: String)
  /// `kill`, `interrupt`, `terminate`, `freeze`, `thaw` a peer.
  case signal(PeerSignal, peer: String)
  /// `power off`, `power on`, `power cycle`, `reboot` a host.
  case power(PowerFault, host: String)
  /// `cut`, `restore`, `unplug`, `plug` a host's wire.
  case wire(WireFault, host: String)
  /// `drop …` or `reject …`: a firewall between the hosts.
  case firewall(FirewallRule)
  /// `allow everything`: removes every firewall rule that the lab added.
  case clearFirewall
  /// `forget flows`: the middle box comes back with an empty table.
  case forgetFlows
  /// `wait CONDITION [within D]`: the lab fails and stops if it does not come about.
  case wait(Condition, limit: Duration)
  /// `expect CONDITION [TIMING]`: judged; the lab goes on either way.
  case expect(Expectation)

  /// Whether the step changes something: expectations measure from the last step that does.
  public var isDeed: Bool {
    switch self {
    case .wait, .expect: false
    default: true
    }
  }
}

/// A signal to a peer's program.
public enum PeerSignal: String, Hashable, Sendable, CaseIterable {
  /// SIGKILL
  case kill
  /// SIGINT, as Ctrl-C sends it
  case interrupt
  /// SIGTERM
  case terminate
  /// SIGSTOP
  case freeze
  /// SIGCONT
  case thaw

  /// The signal's name in signal(7).
  public var signalName: String {
    switch self {
    case .kill: "SIGKILL"
    case .interrupt: "SIGINT"
    case .terminate: "SIGTERM"
    case .freeze: "SIGSTOP"
    case .thaw: "SIGCONT"
    }
  }
}

/// What happens to a host's power.
public enum PowerFault: String, Hashable, Sendable, CaseIterable {
  /// The host dies silently.
  case off
  /// It comes back with the same addresses and no memory.
  case on
  /// Off and on at once.
  case cycle
  /// An orderly reboot: its programs get SIGTERM, and their sockets say goodbye.
  case reboot
}

/// What happens to the wire between a host and its switch.
public enum WireFault: String, Hashable, Sendable, CaseIterable {
  /// Nothing passes either way; the carrier stays up.
  case cut
  /// Nothing passes into the host; the carrier stays up.
  case cutInto
  /// Nothing passes out of the host; the carrier stays up.
  case cutOutOf
  /// Ends a cut.
  case restore
  /// Pulls the plug: the host sees the carrier go.
  case unplug
  /// Puts the plug back.
  case plug
}

/// One rule of the firewall between the hosts: the first that matches a packet decides.
public struct FirewallRule: Hashable, Sendable {
  /// What becomes of a packet that matches.
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// It vanishes.
    case drop
    /// The sender gets an RST in the receiver's name.
    case tcpReset = "tcp-reset"
    /// The sender gets ICMP destination unreachable, network unreachable.
    case icmpNetUnreachable = "icmp-net-unreachable"
    /// … host unreachable.
    case icmpHostUnreachable = "icmp-host-unreachable"
    /// … protocol unreachable.
    case icmpProtoUnreachable = "icmp-proto-unreachable"
    /// … port unreachable.
    case icmpPortUnreachable = "icmp-port-unreachable"
    /// … communication administratively prohibited.
    case icmpAdminProhibited = "icmp-admin-prohibited"
  }

  /// What becomes of a packet that matches.
  public var verdict: Verdict
  /// Only packets from this host; `nil` for any.
  public var from: String?
  /// Only packets to this host; `nil` for any.
  public var to: String?
  /// Whether the other direction, from `to` to `from`, is meant too: `between kang and kodos`.
  public var isBothWays: Bool
  /// Only TCP packets from or to this port.
  public var port: Int?
  /// Only TCP packets that have exactly these flags set, in upper case: `SYN`, `ACK`, `FIN`, `RST`, `PSH`, `URG`.
  public var flags: [String]
  /// Only packets whose IP length in bytes is in this range.
  public var length: ClosedRange<Int>?
  /// Only the next so many packets that match; `nil` for all.
  public var count: Int?

  /// A rule.
  public init(
    verdict: Verdict,
    from: String? = nil,
    to: String? = nil,
    isBothWays: Bool = false,
    port: Int? = nil,
    flags: [String] = [],
    length: ClosedRange<Int>? = nil,
    count: Int? = nil
  ) {
    self.verdict = verdict
    self.from = from
    self.to = to
    self.isBothWays = isBothWays
    self.port = port
    self.flags = flags
    self.length = length
    self.count = count
  }

  /// The rule as rules for one direction each: itself, or itself and the same with its hosts exchanged.
  public var directions: [FirewallRule] {
    guard isBothWays else { return [self] }
    var there = self
    there.isBothWays = false
    var back = there
    (back.from, back.to) = (there.to, there.from)
    return [there, back]
  }
}
