internal import CLinux
internal import Glibc

/// The terminal that a program writes to.
public enum Terminal {
  /// The columns of the terminal that `descriptor` is; `nil` if it is none, or does not say.
  ///
  /// See ioctl_tty(2).
  public static func columns(of descriptor: CInt) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The rows of the terminal that `descriptor` is; `nil` if it is none, or does not say.
  public static func rows(of descriptor: CInt) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
    return Int(size.ws_row)
  }

  /// Whether `descriptor` is a terminal that can be told to redraw a line and to change colours.
  public static func canRedraw(_ descriptor: CInt) -> Bool {
    guard isatty(descriptor) == 1, let kind = variable("TERM") else { return false }
    return kind != "dumb"
  }

  /// Whether colours are wanted on `descriptor`: it is a capable terminal and NO_COLOR (https://no-color.org) is unset.
  public static func wantsColour(_ descriptor: CInt) -> Bool {
    canRedraw(descriptor) && (variable("NO_COLOR") ?? "").isEmpty
  }

  private static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
