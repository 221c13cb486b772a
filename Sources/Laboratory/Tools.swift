internal import CLinux
internal import LabScript
internal import Sockets

/// Linux's own tools, run as a person would run them, each command shown before it is run.
final class Tools {
  private let show: (String) -> Void
  private let environment: [String]
  private let family: AddressFamily

  /// Tools whose command lines are told to `show`; `family` decides which firewall program is meant.
  init(environment: [String], family: AddressFamily, show: @escaping (String) -> Void) {
    self.environment = environment
    self.family = family
    self.show = show
  }

  /// The directories where a user's PATH may not look and the tools are.
  static let systemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"]

  /// The firewall program: the first that can list its rules here, since a kernel may know only one of the two kinds.
  private(set) lazy var iptables: Result<String, LaboratoryError> = findFirewall()

  /// Runs `command` (words separated by single blanks) and throws what it printed if it fails.
  func run(_ command: String) throws(LaboratoryError) {
    show(command)
    try execute(command.words)
  }

  /// Runs `command` in the network namespace called `host`, as `ip netns exec` does, but without that program.
  func run(_ command: String, in host: String) throws(LaboratoryError) {
    show("ip netns exec \(host) \(command)")
    try execute(command.words, in: host)
  }

  /// Runs commands of `ip` (what stands behind that word) in the network namespace called `host`, or in this process's own,
  /// all by one run of the program, which takes most of its time to start.
  func run(ip commands: [String], in host: String? = nil) throws(LaboratoryError) {
    let lines = commands.map { "ip " + (host.map { "-n \($0) " } ?? "") + $0 }
    for line in lines { show(line) }
    let (ending, text) = try outcome(
      of: ["ip", "-batch", "-"],
      in: host,
      input: commands.joined(separator: "\n") + "\n"
    )
    guard case .exited(0) = ending else { throw Tools.failure(of: lines, text) }
  }

  /// Runs commands of the firewall program (what stands behind `iptables -w`) in the network namespace called `host`: all
  /// by one run, which puts them in force at the same moment.
  func run(iptables commands: [String], in host: String) throws(LaboratoryError) {
    let program = try iptables.get()
    let lines = commands.map { "\(program) -w \($0)" }
    for line in lines { show("ip netns exec \(host) \(line)") }
    if lines.count == 1 { return try execute(lines[0].words, in: host) }
    let table = ["*filter"] + commands + ["COMMIT", ""]
    try execute(
      [program + "-restore", "-w", "--noflush"],
      in: host,
      input: table.joined(separator: "\n"),
      shownAs: lines.joined(separator: "; ")
    )
  }

  /// What a run of `ip -batch -` died of: its last line says `Command failed -:3`.
  private static func failure(of lines: [String], _ text: String) -> LaboratoryError {
    var said = text.split(separator: "\n")
    var command = lines.joined(separator: "; ")
    if let last = said.last, let colon = last.lastIndex(of: ":"), let number = Int(last[last.index(after: colon)...]),
      lines.indices.contains(number - 1)
    {
      command = lines[number - 1]
      said.removeLast()
    }
    return failure(of: command, said.joined(separator: "; "))
  }

  private static func failure(of command: String, _ said: String) -> LaboratoryError {
    LaboratoryError("'\(command)' failed: \(said.isEmpty ? "without a word" : said)")
  }

  /// Tells the command line of something that is done without a program of its own.
  func note(_ command: String) {
    show(command)
  }

  private func execute(
    _ words: [String],
    in host: String? = nil,
    input: String = "",
    shownAs command: String? = nil
  ) throws(LaboratoryError) {
    let (ending, text) = try outcome(of: words, in: host, input: input)
    guard case .exited(0) = ending else {
      let said = text.split(separator: "\n").joined(separator: "; ")
      throw Tools.failure(of: command ?? words.joined(separator: " "), said)
    }
  }

  /// How a program ends that is run to its end with `input`, no more than a pipe holds, and what it prints.
  private func outcome(of words: [String], in host: String?, input: String = "") throws(LaboratoryError)
    -> (ending: ProcessEnding?, text: String)
  {
    do {
      var pipe = try Pipe()
      var feed = try Pipe()
      try FileIO.writeAll(Array(input.utf8), to: feed.writing.rawValue)
      feed.closeWriting()
      var child = ChildProcess(
        command: words,
        environment: environment,
        descriptors: [(feed.reading.rawValue, 0), (pipe.writing.rawValue, 1), (pipe.writing.rawValue, 2)]
      )
      if let host {
        child.entrances = [.init(SharedDescriptor(try FileIO.open("/run/netns/\(host)")), .network)]
      }
      let process = try child.start()
      pipe.closeWriting()
      let text = String(decoding: try FileIO.readAll(pipe.reading.rawValue), as: UTF8.self)
      return (ChildProcess.wait(for: process), text)
    } catch {
      if error.errno == .noSuchFile { throw .missingTool(words[0]) }
      throw LaboratoryError(words.joined(separator: " "), error)
    }
  }

  private func findFirewall() -> Result<String, LaboratoryError> {
    var reasons: [String] = []
    var areMissing = true
    let program = family == .ipv4 ? "iptables" : "ip6tables"
    for name in [program, program + "-legacy", program + "-nft"] {
      do {
        // Inserting is the test: some kernels can list with a kind of tables in which they cannot match a packet.
        try execute("\(name) -w -A INPUT -p tcp --dport 1 -m length --length 1 -j DROP".words, in: "switch")
        try execute("\(name) -w -F INPUT".words, in: "switch")
        return .success(name)
      } catch {
        reasons.append(error.message)
        areMissing = areMissing && error.message == LaboratoryError.missingTool(name).message
      }
    }
    if areMissing { return .failure(.missingTool("iptables")) }
    return .failure(LaboratoryError("no \(program) of this machine works here: " + reasons.joined(separator: "; ")))
  }
}

extension String {
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}

extension LaboratoryError {
  /// The program `name` is not there; says which Debian package has it, if that is known.
  public static func missingTool(_ name: String) -> LaboratoryError {
    guard let package = DebianPackages.ofProgram[name] else {
      return LaboratoryError("the program '\(name)' is not installed, or not in PATH")
    }
    return LaboratoryError("'\(name)' is missing: apt-get install \(package)")
  }
}
