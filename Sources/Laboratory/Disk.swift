internal import LabScript
internal import Sockets

/// A host's own disk: the one directory that belongs to a host and not to the machine.
///
/// All of them lie in the laboratory's private /run, which is memory and goes with the lab; each host sees its own at
/// ``LabScript/HostFile/directory``. A host that loses its power keeps it, as a machine keeps its disk.
enum Disk {
  private static let parent = "/run/halfopen-disks"

  /// Where the laboratory keeps the disk of `host`.
  static func path(of host: String) -> String { parent + "/" + host }

  /// Makes every host's disk, empty.
  static func make(for script: Script) throws(LaboratoryError) {
    do {
      try FileIO.makeDirectory(HostFile.directory, mode: 0o755)
      try FileIO.makeDirectory(parent, mode: 0o755)
      // Whoever a program runs as on its host may write there.
      for host in script.hosts { try FileIO.makeDirectory(path(of: host.name), mode: 0o777) }
    } catch {
      throw LaboratoryError("the hosts' disks", error)
    }
  }

  /// Puts the files there that the lab says are on the disks.
  static func fill(for script: Script) throws(LaboratoryError) {
    do throws(SystemError) {
      for file in script.files { try FileIO.write(file.text, toNew: path(of: file.host) + "/" + file.name) }
    } catch {
      throw LaboratoryError("the hosts' disks", error)
    }
  }

  /// Gives a program that runs as an ordinary user that user's surroundings: a home that it may write to and is in.
  ///
  /// A program named by a path that began at `directory` is still found there.
  static func settle(_ child: inout ChildProcess, from directory: String) {
    child.isUnprivileged = true
    child.directory = HostFile.directory
    child.environment.removeAll { variable in
      ["HOME=", "USER=", "LOGNAME=", "TMPDIR="].contains { variable.hasPrefix($0) }
    }
    child.environment += [
      "HOME=\(HostFile.directory)", "TMPDIR=\(HostFile.directory)", "USER=nobody", "LOGNAME=nobody",
    ]
    findProgram(of: &child, from: directory)
  }

  /// Lets a program that is named by a path, which began at `directory`, be found from wherever it starts.
  static func findProgram(of child: inout ChildProcess, from directory: String) {
    if let program = child.command.first, program.contains("/"), !program.hasPrefix("/") {
      child.command[0] = directory + "/" + program
    }
  }
}
