internal import Timeline

/// The colours of every picture, as custom properties of CSS, for light and dark.
///
/// The hues are Okabe and Ito's, which the colour-blind can tell apart (https://jfly.uni-koeln.de/color/); where two
/// states share one, their patterns differ.
enum Palette {
  /// The custom properties of one scheme.
  private static let light = """
    --bg:#ffffff;--ink:#1c2126;--soft:#4d5761;--faint:#68727c;--rule:#d4dae0;--lane:#f5f7f9;--fold:#eceff2;
    --good:#00694d;--bad:#b03a00;--deed:#7a4b00;--deedbg:#fff1d0;--state:#0b5f99;--window:#cc79a7;--pub:#6a3d9a;
    --arrow:#33404d;--call:#aab4be;--timer:#e69f00;--out:#d55e00;--focus:#0072b2;--tm:#8a5a00;--wn:#9c3f78;
    """
  private static let dark = """
    --bg:#11151a;--ink:#e6eaee;--soft:#b3bcc6;--faint:#96a0ab;--rule:#343c45;--lane:#181d23;--fold:#20262d;
    --good:#3fd0a4;--bad:#ff9a66;--deed:#ffce73;--deedbg:#3a2c0c;--state:#74bdf0;--window:#cc79a7;--pub:#c3a3ea;
    --arrow:#c3ccd5;--call:#59636d;--timer:#e69f00;--out:#ff8f4d;--focus:#56b4e9;--tm:#e9b44c;--wn:#e6a3c8;
    """
  private static let states = """
    --s1:#009e73;--s2:#f0e442;--s3:#f0e442;--s4:#e69f00;--s5:#e69f00;--s6:#56b4e9;--s7:#555555;--s8:#d55e00;
    --s9:#d55e00;--s10:#9aa5b0;--s11:#cc79a7;--s12:#f0e442;
    """

  /// The properties, for the element that `selector` names.
  static func css(_ selector: String) -> String {
    """
    \(selector){color-scheme:light dark;\(light)\(states)}
    @media (prefers-color-scheme:dark){\(selector){\(dark)}}
    @media print{\(selector){\(light)}}

    """
  }

  /// How a state's bar is filled, besides its colour.
  enum Pattern: String {
    case plain, slashes, backslashes, lines, dots, outline
  }

  /// The pattern of a state's bar.
  static func pattern(of state: UInt8) -> Pattern {
    switch TCPState(rawValue: state) {
    case .established, .finWait2, .closeWait, .none: .plain
    case .synSent, .finWait1, .closing: .slashes
    case .synReceived, .newSynReceived, .lastAck: .backslashes
    case .timeWait: .dots
    case .closed: .lines
    case .listen: .outline
    }
  }

  /// Whether a label on the state's colour is white; it is black on the lighter ones.
  static func hasWhiteLabel(_ state: UInt8) -> Bool {
    switch TCPState(rawValue: state) {
    case .closed: true
    default: false
    }
  }
}
