internal import CLinux
internal import Glibc

/// What reading once came to.
///
/// A failure is a result here like the others: it is what this project studies.
public enum ReadOutcome: Hashable, Sendable {
  /// This many bytes, at least one, are at the beginning of the buffer.
  case data(Int)
  /// The peer, or the writer of the pipe, will send no more.
  case endOfStream
  /// Nothing at the moment.
  case wouldBlock
  /// It failed.
  case failed(Errno)
}

/// What writing once came to.
public enum WriteOutcome: Hashable, Sendable {
  /// This many bytes were taken, perhaps fewer than offered.
  case written(Int)
  /// Nothing is taken at the moment.
  case wouldBlock
  /// It failed.
  case failed(Errno)
}

/// Moving bytes through descriptors, with every outcome a value.
///
/// A signal is no outcome unless `interruptible` is said: then it is a failure with `EINTR`.
public enum Transfer {
  /// Reads once, as much as `buffer` holds.
  ///
  /// See read(2).
  public static func read(_ descriptor: CInt, into buffer: inout [UInt8], interruptible: Bool = false) -> ReadOutcome {
    let limit = buffer.count
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, limit)
      if count > 0 { return .data(count) }
      if count == 0 { return .endOfStream }
      let error = Errno.last
      if error == .wouldBlock { return .wouldBlock }
      if error != .interrupted || interruptible { return .failed(error) }
    }
  }

  /// Writes once, as much as the descriptor takes.
  ///
  /// See write(2).
  public static func write(_ bytes: ArraySlice<UInt8>, to descriptor: CInt, interruptible: Bool = false) -> WriteOutcome
  {
    unsafe bytes.withUnsafeBytes { raw in
      outcome(interruptible) { unsafe Glibc.write(descriptor, raw.baseAddress, raw.count) }
    }
  }

  /// Sends once through a socket that is shared with others, without waiting and without changing its mode.
  ///
  /// See send(2).
  public static func sendWithoutWaiting(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) -> WriteOutcome {
    unsafe bytes.withUnsafeBytes { raw in
      outcome(false) {
        unsafe Glibc.send(descriptor, raw.baseAddress, raw.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
      }
    }
  }

  /// Moves bytes from one descriptor to the other, one of them a pipe, without copying them.
  ///
  /// See splice(2).
  ///
  /// A pipe is never waited for, a socket only if it is one that blocks. Zero bytes written is the end of the source.
  public static func splice(from source: CInt, to sink: CInt, upTo limit: Int) -> WriteOutcome {
    outcome(false) {
      CLinux.splice(
        source,
        nil,
        sink,
        nil,
        limit,
        UInt32(CLINUX_SPLICE_F_MOVE) | UInt32(CLINUX_SPLICE_F_NONBLOCK)
      )
    }
  }

  /// Ends the writing half of a connected socket that another thread is reading from.
  ///
  /// See shutdown(2).
  public static func endWriting(_ descriptor: CInt) throws(SystemError) {
    if Glibc.shutdown(descriptor, CInt(SHUT_WR)) == -1 { throw SystemError(call: "shutdown", errno: .last) }
  }

  private static func outcome(_ interruptible: Bool, _ call: () -> Int) -> WriteOutcome {
    while true {
      let count = call()
      if count >= 0 { return .written(count) }
      let error = Errno.last
      if error == .wouldBlock { return .wouldBlock }
      if error != .interrupted || interruptible { return .failed(error) }
    }
  }
}
