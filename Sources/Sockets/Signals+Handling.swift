internal import Glibc

extension Signal {
  /// Lets the signal end the call that is blocked, with `EINTR`, instead of the program.
  ///
  /// See sigaction(2).
  public func interruptsCallsOnly() {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in }
    // Without SA_RESTART: the call is not to be made again.
    action.sa_flags = 0
    _ = unsafe sigaction(rawValue, &action, nil)
  }
}
