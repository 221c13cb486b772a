/// How a text report is drawn.
public struct TextOptions: Hashable, Sendable {
  /// How much of the timeline is shown.
  public enum Verbosity: Int, Hashable, Sendable, Comparable {
    /// The story: faults, what each program was told, its output, state changes, a count of retransmissions.
    case story
    /// Also every timer, retransmission, poll and packet.
    case details
    /// Every event.
    case everything

    /// Whether the left shows less.
    public static func < (left: Verbosity, right: Verbosity) -> Bool { left.rawValue < right.rawValue }
  }

  /// The columns of the terminal or page, at least 60; lines are broken to fit.
  public var width: Int
  /// Whether ANSI colours are used (ECMA-48, SGR).
  public var colour: Bool
  /// How much of the timeline is shown.
  public var verbosity: Verbosity
  /// Whether the `ip` and `iptables` commands of the laboratory are shown.
  public var showsCommands: Bool
  /// Whether the story is drawn as a ladder, a lifeline a host, where the width allows it.
  public var isLadder: Bool

  /// Options; a width under 60 becomes 60.
  public init(
    width: Int = 100,
    colour: Bool = false,
    verbosity: Verbosity = .story,
    showsCommands: Bool = false,
    isLadder: Bool = false
  ) {
    self.width = max(60, width)
    self.colour = colour
    self.verbosity = verbosity
    self.showsCommands = showsCommands
    self.isLadder = isLadder
  }
}

/// What a piece of text is, which decides its colour.
enum Tint {
  case plain, heading, faint, deed, failure, success, state

  /// The parameters of SGR (ECMA-48, 8.3.117).
  private var code: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .faint: "2"
    case .deed: "1;33"
    case .failure: "1;31"
    case .success: "1;32"
    case .state: "36"
    }
  }

  /// The text in this colour, if colours are wanted.
  func paint(_ text: String, _ options: TextOptions) -> String {
    guard options.colour, let code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
