/// What reading a lab file gives.
public enum ReadResult: Sendable {
  /// The lab.
  case script(Script)
  /// Every mistake in it, in the order of their places.
  case mistakes([Diagnostic])
}
