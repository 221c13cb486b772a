import Glibc
import Sockets

/// What tests do to files that the product never does.
enum Files {
  /// Makes a symbolic link; returns whether that went well.
  static func link(_ target: String, at path: String) -> Bool { unsafe symlink(target, path) == 0 }

  /// Makes a file's times so much older.
  static func age(_ path: String, seconds: Int) {
    let then = Int(Clock.realtime / 1_000_000_000) - seconds
    let times = [timeval(tv_sec: then, tv_usec: 0), timeval(tv_sec: then, tv_usec: 0)]
    _ = unsafe utimes(path, times)
  }
}
