internal import Sockets
internal import Tracing

extension KernelTrace {
  /// Where tracefs is mounted for as long as it is read; in the laboratory's own /run.
  private static let directory = "/run/halfopen-tracefs"

  /// The tracepoints of this machine, or why they cannot be read: usually that this is not the machine's root.
  static func ofThisMachine() -> Result<KernelTrace, SystemError> {
    do throws(SystemError) {
      try FileIO.makeDirectories(directory)
      try Namespace.mountNew("tracefs", on: directory)
      defer { try? Namespace.unmount(directory) }
      return .success(try KernelTrace(tracefs: directory))
    } catch {
      return .failure(error)
    }
  }
}
