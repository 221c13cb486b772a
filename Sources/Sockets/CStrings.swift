internal import Glibc

/// Strings as C has them, behind each other and with a null pointer at the end: the arguments or the environment of
/// execve(2).
///
/// Plain pointers: an access to a variable that is under way while a child, in this process's memory, becomes its program
/// would stay so here, with its record on the child's stack.
@safe final class CStrings {
  /// Where they begin; valid as long as this is kept.
  @unsafe let start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  /// Copies of `texts`.
  init(_ texts: [String]) {
    count = texts.count
    unsafe start = .allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { unsafe (start + index).initialize(to: strdup(text)) }
    unsafe (start + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { unsafe free(start[index]) }
    unsafe start.deallocate()
  }
}
