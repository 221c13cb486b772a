internal import Digests
internal import LabScript
internal import Sockets

/// Makes the files that programs leave on a host's disk before the lab begins (`prepare on`).
struct DiskPreparation {
  /// How long one of the programs may take, in nanoseconds.
  private static let limit: Int64 = 120_000_000_000

  private let preparations: [Preparation]
  private let host: Host
  private let disk: String
  private let environment: [String]
  private let directory: String

  /// What `script` prepares on a host that is on; `nil` if that is nothing.
  ///
  /// The programs find PATH and the C library's own language, and nothing else of `environment`: whoever runs the lab, the
  /// same files come about.
  init?(of host: Host, in script: Script, environment: [String], directory: String) {
    preparations = script.preparations.filter { $0.host == host.place.host }
    if preparations.isEmpty { return nil }
    self.host = host
    disk = Disk.path(of: host.place.host)
    self.environment = environment.filter { $0.hasPrefix("PATH=") } + ["HOME=/root", "LC_ALL=C.UTF-8"]
    self.directory = directory
  }

  /// What is run, as a person would run it.
  var commands: [String] {
    preparations.map { "ip netns exec \($0.host) \($0.command.joined(separator: " "))" }
  }

  /// Makes the files; with a `store`, copies them from there if they have been made before, and keeps them there if not.
  func run(store: String?) throws(LaboratoryError) {
    guard let store else { return try runPrograms() }
    let kept = store + "/" + SHA256.hexadecimal(preparations.map { "\($0.isUnprivileged) \($0.command)" }.joined())
    do throws(SystemError) {
      if FileIO.isDirectory(kept) { return try FileIO.copyContents(of: kept, to: disk) }
    } catch {
      throw LaboratoryError("the prepared disk of \(host.place.host)", error)
    }
    try runPrograms()
    do throws(SystemError) {
      try FileIO.makeDirectories(kept)
      try FileIO.copyContents(of: disk, to: kept)
    } catch {
      throw LaboratoryError("keeping the prepared disk of \(host.place.host)", error)
    }
  }

  private func runPrograms() throws(LaboratoryError) {
    for preparation in preparations {
      let what = "'prepare on \(preparation.text)'"
      let (ending, text): (ProcessEnding?, String)
      do throws(SystemError) {
        (ending, text) = try outcome(of: preparation)
      } catch {
        throw LaboratoryError(what, error)
      }
      if case .exited(0) = ending { continue }
      let said = text.split(separator: "\n").suffix(DiskPreparation.shownLines).joined(separator: "; ")
      throw LaboratoryError("\(what) \(DiskPreparation.words(ending))\(said.isEmpty ? "" : ": \(said)")")
    }
  }

  /// So many lines of what a program printed stand in the message that says how it failed.
  private static let shownLines = 5

  private static func words(_ ending: ProcessEnding?) -> String {
    switch ending {
    case .exited(let status): "exited with \(status)"
    case .signaled(let signal): "was ended by \(signal.name)"
    case nil: "was not over after \(limit / 1_000_000_000) s"
    }
  }

  /// Runs a program to its end, `nil` if that does not come in time, and returns what it printed.
  private func outcome(of preparation: Preparation) throws(SystemError) -> (ending: ProcessEnding?, text: String) {
    let output = try UnnamedFile(for: "/run/halfopen-preparation", near: "/run")
    let null = try FileIO.open("/dev/null")
    var child = ChildProcess(
      command: preparation.command,
      environment: environment,
      descriptors: [(null.rawValue, 0), (output.descriptor, 1), (output.descriptor, 2)]
    )
    child.entrances = host.entrances
    child.leadsSession = true
    child.directory = HostFile.directory
    if preparation.isUnprivileged {
      Disk.settle(&child, from: directory)
    } else {
      Disk.findProgram(of: &child, from: directory)
    }
    let process = try child.start()
    let ending = try DiskPreparation.wait(for: process)
    let size = min(FileIO.size(of: output.descriptor), 1 << 16)
    let start = FileIO.size(of: output.descriptor) - size
    return (ending, String(decoding: FileIO.bytes(output.descriptor, at: start, count: size), as: UTF8.self))
  }

  /// Waits for a program, and ends what is left of it and of what it has started.
  private static func wait(for process: Int32) throws(SystemError) -> ProcessEnding? {
    let end = try ChildProcess.descriptor(of: process)
    var entries = [PollEntry(end.rawValue, .readable)]
    let isOver = try poll(&entries, timeout: .nanoseconds(limit)) > 0
    Signal.kill.send(to: -process)
    let ending = ChildProcess.wait(for: process)
    return isOver ? ending : nil
  }
}
