internal import Timeline

/// What there is to draw of a run: every mark with its moment and its lane, but no place on the page yet.
///
/// The static picture and the interactive page are drawn from the same scene.
struct Scene {
  /// The lab's name and title.
  var title = ""
  /// What the reader is asked.
  var question = ""
  /// The answer.
  var answer = ""
  /// Where the figures come from, and what a reader must know of the timeline.
  var notes: [String] = []
  /// The last line: whether the lab passed.
  var conclusion = ""
  /// Whether it passed.
  var hasPassed = false
  /// The hosts, from left to right.
  var lanes: [Lane] = []
  /// What is between the hosts: `switch` or `router`.
  var middle = "switch"
  /// Marks that stand in a row of their own, in the order of time.
  var items: [Item] = []
  /// What lasts: states, timers, calls that block, outages; in the order of their beginnings.
  var spans: [Span] = []
  /// The sockets and programs, each a row of the state map.
  var entities: [Entity] = []
  /// What the judge says, in the order of the moments at which it was measured.
  var cards: [Card] = []
  /// The windows that were predicted.
  var windows: [Window] = []
  /// The events from which the marks come, in the order of time.
  var events: [Event] = []
  /// How many connections had no room in their lane.
  var crowded = 0

  /// A host.
  struct Lane {
    var name: String
    var address: String
    /// How many bars stand beside each other at most.
    var slots = 0
    /// How many timers are drawn beside each other at most.
    var timers = 0
    /// How many programs have a bar for their blocking calls.
    var programs = 0
  }

  /// What an item is, for filters and for the way in which it is drawn.
  enum Kind: UInt8, CaseIterable {
    case call, output, program, state, timer, packet, arp, fault, published, note, script

    /// The kind's name where a reader chooses among them.
    var name: String {
      switch self {
      case .call: "system calls"
      case .output: "output"
      case .program: "programs and typing"
      case .state: "TCP states"
      case .timer: "timers"
      case .packet: "packets"
      case .arp: "ARP"
      case .fault: "faults"
      case .published: "predicted and published"
      case .note: "notes"
      case .script: "script and commands"
      }
    }

    /// Whether it goes across all lanes.
    var isAcross: Bool { self == .fault || self == .published || self == .note || self == .script }
    /// Whether it is drawn as an arrow.
    var isArrow: Bool { self == .packet || self == .arp }
  }

  /// How an item is coloured.
  enum Tone: UInt8 {
    case plain, faint, deed, failure, success, state, timer, window
  }

  /// A mark at a moment.
  struct Item {
    var time: Moment
    var kind: Kind
    var text: String
    var tone = Tone.plain
    /// How much a reader must want to see for it to be shown: 0 the story, 1 details, 2 everything.
    var level: UInt8 = 0
    /// The lane that it stands in, or that a packet leaves.
    var lane: Int?
    /// Of a packet: the lane that it is for; `nil` with ``Kind/packet``: what is between the hosts.
    var target: Int?
    /// Of a packet: when it arrived, or died.
    var until: Moment?
    /// Of a lost packet: how far it came, from 0 (its sender) to 1 (its receiver); `nil` of others.
    var reach: Double?
    /// Of a lost packet: why.
    var cause: String?
    /// The place of its event in ``Scene/events``; of a mark without an event the event before.
    var event: Int
  }

  /// What a span shows.
  enum SpanKind: UInt8 {
    case connection, timer, call, outage
  }

  /// Something that lasts.
  struct Span {
    var kind: SpanKind
    var from: Moment
    var until: Moment
    /// The lane; `nil` for an outage between the hosts.
    var lane: Int?
    /// Its place beside others of its kind in the lane; `nil` where there was no room.
    var track: Int?
    /// Which state, timer or call it is: an index of the kind's own table.
    var style: UInt8 = 0
    var text: String
    /// Of a timer: when it nominally expires; ``until`` may come before, or after.
    var expiry: Moment?
    /// The socket or program that it belongs to: an index of ``Scene/entities``.
    var entity: Int?
  }

  /// A socket or a program.
  struct Entity {
    var name: String
    var lane: Int?
    var isProgram: Bool
  }

  /// The judge's word on an expectation.
  struct Card {
    var time: Moment
    var statement: String
    var outcome: Verdict.Outcome
    /// What was measured, predicted and published, each with its name.
    var lines: [(name: String, text: String)]
    var reason: String
  }

  /// A window in which something was predicted.
  struct Window {
    var from: Moment
    /// `nil`: no upper bound.
    var until: Moment?
    var text: String
  }
}
