/// One thing that happened in a run, with the moment at which it did.
public struct Event: Hashable, Sendable {
  /// When: for a system call the moment it returned, by the program's own clock reading.
  public var time: Moment
  /// On which host, if on one.
  public var host: String?
  /// To which peer, if to one.
  public var peer: String?
  /// What happened.
  public var body: Body
  /// Members that a newer version wrote and this one does not know: kept, and written again.
  public var unknown: JSONObject

  /// An event.
  public init(
    time: Moment,
    host: String? = nil,
    peer: String? = nil,
    body: Body,
    unknown: JSONObject = JSONObject()
  ) {
    self.time = time
    self.host = host
    self.peer = peer
    self.body = body
    self.unknown = unknown
  }

  /// The kinds of events.
  public enum Body: Hashable, Sendable {
    /// The run began; always the first event.
    case begin(Beginning)
    /// A tool was run to build or break the laboratory: `ip -n kang link set eth0 up`.
    case command(text: String)
    /// The script's statement at this line was reached.
    case step(line: Int, text: String)
    /// The fault that the statement asked for is in force.
    case fault(line: Int, text: String)
    /// The runner began to wait for the statement at this line, for at most this many nanoseconds.
    case waiting(line: Int, text: String, limit: Int64)
    /// What the statement at this line waits for came about, or (`held` false) its time ran out.
    case settled(line: Int, held: Bool)
    /// A peer's program was started.
    case started(command: String, pid: Int64)
    /// A peer's program ended: by itself with a status, or by a signal.
    case ended(PeerEnding)
    /// A peer wrote a line.
    case output(stream: OutputStream, text: String)
    /// A line was typed to a peer; `nil` is the end of its input.
    case input(text: String?)
    /// A peer made a system call.
    case call(SystemCall)
    /// A socket appeared or changed.
    case socket(SocketSample)
    /// A socket is no more; this was its last sample.
    case socketGone(SocketSample)
    /// A socket went from one state to another, at this very moment.
    case stateChange(StateChange)
    /// A socket sent something again.
    case resending(Resending)
    /// A socket sent an RST, or got one.
    case reset(ResetEvent)
    /// A connection's socket was destroyed; this is what the kernel knew of it last.
    case destroyed(SocketDeath)
    /// A host sent a packet, or got one that no host had sent.
    case packet(PacketSample)
    /// A remark of the laboratory that a reader must know.
    case note(String)
    /// The machine kept the laboratory waiting for a processor until now, for so many nanoseconds: something was due, or
    /// had come, and nothing on this machine that waited for its turn could be in time.
    case late(by: Int64)
    /// The run ended: the last event of the laboratory; a `reason` says that it was stopped early, and why.
    case end(reason: String?)
    /// What the judge says of one expectation; verdicts follow the end.
    case verdict(Verdict)
    /// What the judge says of the whole run; always the last event of a saved timeline that was judged.
    case judgement(passed: Bool, problems: [String], attributions: [String])
    /// An event of a kind that this version does not know, kept as it came.
    case other(kind: String)
  }

  /// Which of its outputs a peer wrote to.
  public enum OutputStream: String, Hashable, Sendable {
    case stdout
    case stderr
  }
}

/// What a run is of, and which clock and kernel its figures come from.
public struct Beginning: Hashable, Sendable {
  /// The version of the timeline format: ``Beginning/currentVersion`` for what this program writes.
  public var version: Int64
  /// The lab's name: its file's name without the ending.
  public var lab: String
  /// The lab file's path as it was given.
  public var path: String
  /// The lab file's text, so that a report can be drawn from the timeline alone.
  public var script: String
  /// The lab's variant; `nil` for the lab as it stands in the file.
  public var variant: String?
  /// What the hosts spoke: `IPv4` or `IPv6`.
  public var family: String
  /// The parameters' values in this run, in the script's order.
  public var parameters: [(name: String, value: String)]
  /// The clock of the moments: ``realClock`` or ``virtualClock``.
  public var clock: String
  /// What that clock showed at moment zero, in nanoseconds.
  public var clockAtStart: Int64
  /// The wall clock (UTC, nanoseconds since 1970) at moment zero.
  public var wallClockAtStart: Int64
  /// The kernel's release, as `uname -r` prints it.
  public var kernel: String
  /// The kernel's timer frequency.
  public var hz: Int64
  /// The kernel's count of its timer ticks at moment zero; `nil` where the laboratory may not read it.
  public var jiffies: Int64?

  /// The clock of a lab in real time.
  public static let realClock = "CLOCK_MONOTONIC"
  /// The clock of a lab in virtual time: the CLOCK_MONOTONIC of a guest, which leaps over idleness.
  public static let virtualClock = "virtual time"

  /// What the hosts spoke where a timeline does not say.
  public static let usualFamily = "IPv4"

  /// The version that this program writes.
  public static let currentVersion: Int64 = 1

  /// The beginning of a run.
  public init(
    lab: String,
    path: String,
    script: String,
    variant: String? = nil,
    family: String = Beginning.usualFamily,
    parameters: [(name: String, value: String)],
    clock: String,
    clockAtStart: Int64,
    wallClockAtStart: Int64,
    kernel: String,
    hz: Int64,
    jiffies: Int64? = nil
  ) {
    self.version = Beginning.currentVersion
    self.lab = lab
    self.path = path
    self.script = script
    self.variant = variant
    self.family = family
    self.parameters = parameters
    self.clock = clock
    self.clockAtStart = clockAtStart
    self.wallClockAtStart = wallClockAtStart
    self.kernel = kernel
    self.hz = hz
    self.jiffies = jiffies
  }

  /// Whether both say the same.
  public static func == (left: Beginning, right: Beginning) -> Bool { left.json == right.json }

  /// Feeds the members into `hasher`.
  public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// How a peer's program ended.
public enum PeerEnding: Hashable, Sendable {
  /// It exited with this status.
  case exited(Int64)
  /// This signal ended it: `SIGINT`.
  case signaled(String)

  /// The ending in words: `exits 0`, `ended by SIGINT`.
  public var text: String {
    switch self {
    case .exited(let status): "exits \(status)"
    case .signaled(let name): "ended by \(name)"
    }
  }
}
