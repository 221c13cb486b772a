internal import LabScript
internal import Laboratory
internal import Sockets

/// What goes into a guest for its labs: this program, Linux's own tools, the programs that the labs name, their libraries,
/// and the kernel's modules.
struct GuestContents {
  private(set) var tree = GuestTree()
  private let environment: [String]
  /// The directory in which the peers start.
  private let directory: String
  private let directories: [String]
  private let libraries: SharedLibraries
  private var done: Set<String> = []
  /// The packages whose files are in it.
  private var packages: Set<String> = []
  /// This program's own file.
  private var own = ""

  /// What every guest has, and `modules` besides; throws a sentence about what is missing on this machine.
  init(
    kernel: GuestKernel,
    modules: [String] = [],
    environment: [String],
    directory: String
  ) throws(LaboratoryError) {
    self.environment = environment
    self.directory = directory
    directories = Programs.searchPath(environment)
    libraries = SharedLibraries(environment: environment)
    try addProgramsOfOurOwn()
    for name in GuestContents.tools { try addProgram(name) }
    for name in GuestContents.optionalTools where Programs.path(of: name, in: directories) != nil {
      try addProgram(name)
    }
    for path in GuestContents.toolFiles { tree.mirror(path) }
    addSystemFiles()
    try addModules(of: kernel, modules)
  }

  /// Adds what a lab needs; throws a sentence about what is missing on this machine, and adds nothing then.
  mutating func add(_ script: Script) throws(LaboratoryError) {
    var whole = self
    for (words, isTraced) in script.commands {
      if isTraced { try whole.addProgram("strace") }
      try whole.addCommand(words)
    }
    try whole.addPackages(of: script)
    self = whole
  }

  // MARK: Programs

  private static let tools = ["ip", "bridge"]
  /// The firewall is missed when a lab asks for it, with the laboratory's own words.
  private static let optionalTools = [
    "iptables", "iptables-legacy", "iptables-nft", "ip6tables", "ip6tables-legacy", "ip6tables-nft",
    "iptables-restore", "iptables-legacy-restore", "iptables-nft-restore",
    "ip6tables-restore", "ip6tables-legacy-restore", "ip6tables-nft-restore",
    "conntrack", "ipvsadm", "tc", "sh", "sleep",
  ]
  /// What these tools load by themselves.
  private static let toolFiles = ["/usr/lib/x86_64-linux-gnu/xtables", "/usr/lib/xtables", "/etc/iproute2"]

  private mutating func addProgramsOfOurOwn() throws(LaboratoryError) {
    guard let own = FileIO.realPath("/proc/self/exe") else {
      throw LaboratoryError("this program cannot find its own file: /proc is not mounted")
    }
    self.own = own
    try add(own)
    tree.leaveOutSymbols(of: own)
    tree.addLink(GuestFiles.initProgram, to: own)
  }

  /// The path of dnc as it was built together with this program, which has in its own file what that does.
  private static func otherProgram(beside own: String) -> String {
    own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "dnc"
  }

  /// Adds the program called `name`, as PATH has it.
  private mutating func addProgram(_ name: String) throws(LaboratoryError) {
    guard let path = Programs.path(of: name, in: directories) else { throw .missingTool(name) }
    try add(path)
  }

  /// Adds a program and whatever else its command line names: programs in a shell's command, and files.
  private mutating func addCommand(_ command: [String]) throws(LaboratoryError) {
    guard let program = command.first else { return }
    if program.contains("/") {
      try add(absolute(program))
    } else if Programs.path(of: program, in: directories) != nil {
      try addProgram(program)
    }
    for word in command.dropFirst().flatMap(GuestContents.words) {
      if word.contains("/") {
        if FileIO.status(of: absolute(word))?.isFile == true { try add(absolute(word)) }
      } else if Programs.path(of: word, in: directories) != nil {
        try addProgram(word)
      } else if FileIO.status(of: absolute(word))?.isFile == true {
        try add(absolute(word))
      }
    }
  }

  /// Adds what the packages of the lab's programs consist of: a server is more than its program.
  private mutating func addPackages(of script: Script) throws(LaboratoryError) {
    let new = script.packages.filter { !GuestContents.smallPackages.contains($0) && !packages.contains($0) }
    guard !new.isEmpty else { return }
    packages.formUnion(new)
    let paths = PackageFiles().paths(of: new)
    try refuseForeignPrograms(of: script, Set(paths))
    // What this user may not read, such as Debian's own configuration of a server, no peer of the lab could read in real time.
    for path in paths where FileIO.isReadable(path) { try add(path) }
    for zone in ["Etc", "UTC", "GMT"] { tree.mirror("/usr/share/zoneinfo/" + zone) }
    // The one language of the guest's environment; what PostgreSQL is made for has to be there.
    tree.mirror("/usr/lib/locale/C.utf8")
  }

  /// Programs that are nothing without the files of their installation.
  private static let programsOfManyFiles = ["python3", "perl", "ruby", "initdb", "postgres"]

  /// Throws if PATH has another installation of such a program than the package whose files go into the guest.
  private func refuseForeignPrograms(of script: Script, _ paths: Set<String>) throws(LaboratoryError) {
    for program in script.commands.compactMap(\.words.first) {
      guard GuestContents.programsOfManyFiles.contains(program), let package = DebianPackages.ofProgram[program],
        let path = Programs.path(of: program, in: directories), !paths.contains(path),
        !paths.contains(FileIO.realPath(path) ?? path)
      else { continue }
      throw LaboratoryError(
        "'\(program)' is \(path) here, which is not of the Debian package '\(package)': what else it is installed with "
          + "would be missing in the guest. Put the directory of the package's program, such as /usr/bin, first in PATH"
      )
    }
  }

  /// Packages that consist of nothing but the program and its manual.
  static let smallPackages = [
    "strace", "netcat-openbsd", "netcat-traditional", "ncat", "socat", "curl", "tcpdump",
  ]

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }

  /// The words of a shell's command, as far as they may be programs or files.
  private static func words(_ text: String) -> [String] {
    text.split { " \t\n;|&()<>'\"`$={},".contains($0) }.map(String.init).filter { !$0.hasPrefix("-") }
  }

  /// Adds a file, and if it is a program what its loader, or its first line, asks for.
  private mutating func add(_ path: String) throws(LaboratoryError) {
    guard done.insert(path).inserted else { return }
    guard let real = tree.mirrorWay(to: path) else { return }
    if real == GuestContents.otherProgram(beside: own) {
      tree.addLink(real, to: own)
      return
    }
    if let interpreter = GuestContents.interpreter(of: real) {
      for word in interpreter {
        if word.hasPrefix("/") {
          try add(word)
        } else if Programs.path(of: word, in: directories) != nil {
          try addProgram(word)
        }
        if word.hasSuffix("/perl"), done.insert("perl-base").inserted {
          // psql is such a script: Perl does nothing without its own modules.
          for path in PackageFiles().paths(of: ["perl-base"]) { try add(path) }
        }
      }
      return
    }
    do throws(SharedLibraries.Missing) {
      for library in try libraries.closure(of: real) { tree.mirrorWay(to: library) }
    } catch {
      throw LaboratoryError("the library '\(error.name)' that \(error.neededBy) needs is nowhere on this machine")
    }
  }

  /// The words behind `#!` in a script's first line; `nil` if it is none.
  private static func interpreter(of path: String) -> [String]? {
    guard let file = try? FileIO.open(path) else { return nil }
    let start = FileIO.bytes(file.rawValue, at: 0, count: 256)
    guard start.starts(with: [0x23, 0x21]) else { return nil }
    let line = String(decoding: start.dropFirst(2).prefix { $0 != 0x0A }, as: UTF8.self)
    return line.split(separator: " ").map(String.init)
  }

  // MARK: Files

  private mutating func addSystemFiles() {
    for path in ["/bin", "/sbin", "/lib", "/lib64", "/usr/bin", "/usr/sbin"] { tree.mirrorWay(to: path) }
    for path in ["/etc/ld.so.cache", "/etc/passwd", "/etc/group", "/etc/services", "/etc/protocols", "/etc/rpc"] {
      tree.mirrorWay(to: path)
    }
    tree.addFile("/etc/hosts", "127.0.0.1 localhost\n")
    tree.addFile("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n")
    tree.addFile("/etc/host.conf", "multi on\n")
    for path in ["/dev", "/proc", "/sys", "/run", "/tmp", "/root", "/var/tmp", directory] { tree.addDirectory(path) }
    tree.addDevice("/dev/console", major: 5, minor: 1)
  }

  // MARK: Modules

  private static let modules = ["veth", "bridge", "inet_diag", "tcp_diag"]
  /// What firewall rules and other tools of labs need; a kernel that has one of them built in, or not at all, is told
  /// nothing of it.
  ///
  /// Nothing that wakes an idle kernel: ip_vs alone does so eight times a second in five namespaces.
  private static let optionalModules = [
    "af_packet", "ip_tables", "iptable_filter", "iptable_nat", "ip6_tables", "ip6table_filter",
    "ip6table_nat", "nf_tables", "nft_compat", "nft_chain_nat", "nft_ct", "xt_tcpudp", "xt_multiport", "xt_length",
    "xt_statistic", "xt_limit", "xt_mark", "xt_comment", "xt_conntrack", "xt_state", "xt_u32", "xt_MASQUERADE",
    "xt_REDIRECT", "xt_nat", "xt_CT", "ipt_REJECT", "ip6t_REJECT", "nft_reject_ipv4", "nft_reject_ipv6",
    "nf_conntrack", "nf_conntrack_netlink", "nf_nat", "sch_netem", "sch_tbf", "sch_prio", "cls_u32", "dummy",
  ]

  private mutating func addModules(of kernel: GuestKernel, _ others: [String]) throws(LaboratoryError) {
    let modules: [KernelModule]
    do throws(KernelError) {
      modules = try kernel.modules(GuestContents.modules + others, optional: GuestContents.optionalModules)
    } catch {
      throw LaboratoryError(error.message)
    }
    tree.addDirectory("/halfopen")
    for module in modules { tree.addModule("/halfopen/\(module.name).ko", module) }
    tree.addFile(GuestFiles.moduleList, modules.map { "/halfopen/\($0.name).ko\n" }.joined())
  }
}
