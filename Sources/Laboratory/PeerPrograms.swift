public import LabScript
internal import Sockets
internal import Strace

/// The programs that a lab's peers run: whether they are there, and where they come from.
public struct PeerPrograms {
  private let directories: [String]
  private let directory: String

  /// Programs as a peer with this environment finds them; relative paths begin at `directory`.
  public init(environment: [String], directory: String) {
    directories = Programs.searchPath(environment)
    self.directory = directory
  }

  /// Where Debian keeps servers that are in nobody's PATH: those of the newest PostgreSQL.
  public static var serverDirectories: [String] {
    let versions = ((try? FileIO.names(in: "/usr/lib/postgresql")) ?? []).filter { Int($0) != nil }
    return versions.max { (Int($0) ?? 0) < (Int($1) ?? 0) }.map { ["/usr/lib/postgresql/\($0)/bin"] } ?? []
  }

  /// Throws a sentence about every package and program of the lab that is missing, before anything is built.
  public func check(_ script: Script) throws(LaboratoryError) {
    var messages: [String] = []
    let packages = script.needs.filter { !isInstalled($0) }
    if !packages.isEmpty {
      let names = packages.map { "'\($0)'" }.joined(separator: ", ")
      let noun =
        packages.count == 1 ? "the Debian package \(names), which is" : "the Debian packages \(names), which are"
      messages.append("the lab needs \(noun) not installed: apt-get install \(packages.joined(separator: " "))")
    }
    func require(_ command: [String], for purpose: String) {
      guard let program = command.first, !isThere(program),
        !packages.contains(DebianPackages.ofProgram[program] ?? "")
      else { return }
      messages.append(missing(program, for: purpose))
    }
    for preparation in script.preparations { require(preparation.command, for: "preparing \(preparation.host)") }
    for peer in script.peers {
      require(peer.command, for: "peer '\(peer.name)'")
      if peer.isTraced, !isThere(StraceCommand.program) {
        messages.append(missing(StraceCommand.program, for: "tracing peer '\(peer.name)'"))
      }
    }
    if !messages.isEmpty { throw LaboratoryError(messages.joined(separator: "; ")) }
  }

  private func isThere(_ program: String) -> Bool {
    if program.hasPrefix("/") { return Programs.isExecutable(program) }
    if program.contains("/") { return Programs.isExecutable(directory + "/" + program) }
    return Programs.path(of: program, in: directories) != nil
  }

  /// Whether a package's programs are here; of a package whose programs are not known, whether dpkg has it.
  ///
  /// A system without dpkg cannot tell; there the peers' own programs decide.
  private func isInstalled(_ package: String) -> Bool {
    let programs = DebianPackages.programs(of: package)
    if !programs.isEmpty { return programs.allSatisfy(isThere) }
    guard let status = try? FileIO.contents(of: "/var/lib/dpkg/status") else { return true }
    return PeerPrograms.isInstalled(package, status: status)
  }

  /// What dpkg's database says of a package; see deb-status(5) and deb822(5).
  static func isInstalled(_ package: String, status: [UInt8]) -> Bool {
    let name = Array("Package: \(package)".utf8)
    let installed = Array("Status: install ok installed".utf8)
    var isWanted = false
    for line in status.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.isEmpty { isWanted = false }
      if line.elementsEqual(name) { isWanted = true }
      if isWanted, line.elementsEqual(installed) { return true }
    }
    return false
  }

  private func missing(_ program: String, for purpose: String) -> String {
    if program.contains("/") { return "\(purpose): there is no program '\(program)'" }
    let remedy = DebianPackages.ofProgram[program].map { ": apt-get install \($0)" } ?? ""
    return "\(purpose): the program '\(program)' is not installed, or not in PATH\(remedy)"
  }
}
