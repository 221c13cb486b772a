internal import Glibc

extension Terminal {
  /// Lets every byte through a terminal or serial line as it is, and at its highest usual speed; what is none stays as
  /// it is.
  ///
  /// See termios(3), "Raw mode".
  public static func makeRaw(_ descriptor: CInt) {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return }
    unsafe cfmakeraw(&settings)
    unsafe cfsetspeed(&settings, speed_t(B115200))
    _ = unsafe tcsetattr(descriptor, TCSANOW, &settings)
  }

  /// Waits until everything written to a terminal or serial line has gone out.
  ///
  /// See tcdrain(3).
  public static func drain(_ descriptor: CInt) { _ = tcdrain(descriptor) }
}
