internal import Glibc

/// A second thread, for calls that block while the first one blocks in others.
///
/// See pthreads(7).
public struct WorkerThread: ~Copyable {
  private let thread: pthread_t

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  /// Starts `body` in a thread of its own.
  public init(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let work = unsafe Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread,
      nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      },
      work.toOpaque()
    )
    guard code == 0 else {
      unsafe work.release()
      throw SystemError(call: "pthread_create", errno: Errno(rawValue: code))
    }
    self.thread = thread
  }

  /// Waits until the thread has done its work.
  public consuming func join() {
    _ = pthread_join(thread, nil)
  }
}
