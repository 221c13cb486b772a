internal import CLinux
internal import Glibc
internal import Sockets

/// A directory in which something is made before it is put in its place, locked for as long as that takes.
///
/// What a killed process left is recognized by its lock being free, and removed by the next one.
struct Workspace {
  /// The directory.
  let path: String
  private let lock: SharedDescriptor
  private static let prefix = ".making-"

  /// A new directory in `parent`, which is made if it is missing; what others left there is removed.
  init(in parent: String) throws(KernelError) {
    do {
      try FileIO.makeDirectories(parent)
      // Nobody takes a directory for left over between its making and its being locked.
      let door = SharedDescriptor(try FileIO.open(parent + "/.lock", for: .replacing))
      _ = flock(door.rawValue, LOCK_EX)
      for name in try FileIO.names(in: parent) where name.hasPrefix(Workspace.prefix) {
        Workspace.removeIfLeft(parent + "/" + name)
      }
      path = try FileIO.makeTemporaryDirectory(in: parent, prefix: Workspace.prefix)
      lock = SharedDescriptor(try FileIO.open(path))
      _ = flock(lock.rawValue, LOCK_EX | LOCK_NB)
    } catch {
      throw KernelError("the cache cannot be written", error)
    }
  }

  /// Removes the directory and what is left in it.
  func remove() {
    try? FileIO.remove(path)
  }

  private static func removeIfLeft(_ path: String) {
    guard let directory = try? FileIO.open(path), flock(directory.rawValue, LOCK_EX | LOCK_NB) == 0 else { return }
    try? FileIO.remove(path)
  }
}
