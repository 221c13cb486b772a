/// How far a measurement may be off although the kernel was exact.
///
/// The judge widens predicted windows by these, and nothing else: a script's own limits are taken as they stand.
public enum Tolerance {
  /// What a program saw: from the kernel's wake-up to the program's reading of the clock lie one scheduling delay on a
  /// busy machine (about 10 ms with two programs a core) and a timer tick (at most 10 ms, at HZ 100).
  public static let observer: Duration = .milliseconds(20)

  /// What the laboratory sampled: the same, and the time that it takes to ask a kernel for its sockets.
  public static let sampled: Duration = .milliseconds(25)
}
