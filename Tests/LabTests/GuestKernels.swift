import Glibc
import Sockets

/// The kernels of this user that guests can run on, and a cache of the tests' own with them.
enum GuestKernels {
  /// Where they are.
  static let directory: String =
    (ChildProcess.ownEnvironment.first { $0.hasPrefix("HOME=") }.map { String($0.dropFirst(5)) } ?? "")
    + "/.cache/halfopen/kernels"

  private static func isThere(_ version: String) -> Bool {
    ((try? FileIO.names(in: directory)) ?? []).contains { $0.hasPrefix(version) }
      && Programs.path(of: "qemu-system-x86_64") != nil
  }

  /// Whether there is QEMU, and a kernel at all.
  static let haveOne: Bool = isThere("6")
  /// Whether there are the two whose answers differ.
  static let haveTwo: Bool = isThere("6.1.") && isThere("6.12.")

  /// The last of them by name: its release and the directory of its files.
  static let newest: (release: String, path: String)? = {
    let names = ((try? FileIO.names(in: directory)) ?? []).filter { $0.first?.isNumber == true }
    return names.sorted().last.map { ($0, directory + "/" + $0) }
  }()

  /// A cache directory that goes with the tests' folder.
  static let cache: String = {
    let path = Program.folder + ".cache"
    try? FileIO.makeDirectories(path + "/halfopen")
    _ = symlink(directory, path + "/halfopen/kernels")
    atexit { try? FileIO.remove(GuestKernels.cache) }
    return path
  }()
}
