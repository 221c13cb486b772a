internal import CommandLine
internal import Laboratory
internal import Sockets
internal import Timeline
internal import VirtualTime

/// `halfopen doctor`: what this machine can run, found out by trying it.
enum DoctorCommand {
  static let options = OptionTable<Void>(
    program: "halfopen doctor",
    usage: [""],
    about: """
      Says what this machine can run and what mends the rest. It tries a whole small lab of its own in namespaces; \
      nothing of the machine's own network is touched.
      """,
    groups: [],
    notes: "Exit status: 0 if labs can run here, 3 if they cannot.\n"
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings: Void = ()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard words.isEmpty else {
        Console.complain("doctor takes no operand: '\(words[0])'")
        return Console.Status.usage
      }
      return examine()
    }
  }

  private static func examine() -> Int32 {
    report(true, "kernel", "Linux \(ThisMachine.release), HZ \(Clock.hz)")
    report(true, "user", Privilege.isRoot ? "root: namespaces are made directly" : "not root: in a user namespace")
    let network = trial("hosts, wires, router", lab(fault: "cut kodos"))
    let firewall = network && trial("firewall (iptables)", lab(fault: "drop from kang to kodos port 1"))
    var middleboxes = false
    if firewall {
      let box = "middlebox nat for kang idle 10s then reset"
      middleboxes = trial("middle boxes", lab(fault: "forget flows", network: "routed\n\(box)"), isNeeded: false)
      _ = trial("IPv6", lab(fault: "drop from kang to kodos port 1", network: "routed over IPv6"), isNeeded: false)
    }
    for (name, package, purpose) in optional {
      let path = Programs.path(of: name)
      report(path != nil, name, path ?? "missing; \(purpose): apt-get install \(package)", isNeeded: false)
    }
    reportKernels()
    Console.print(
      firewall
        ? middleboxes ? "Every lab can run here.\n" : "Labs without 'middlebox' can run here.\n"
        : network
          ? "Labs without 'drop' and 'reject' can run here.\n" : "No lab can run here until the above is mended.\n"
    )
    return firewall ? Console.Status.held : Console.Status.cannotRun
  }

  /// What is nice to have: a program, its Debian package, and what it is for.
  private static let optional = [
    ("strace", "strace", "traces other programs' system calls"),
    ("tcpdump", "tcpdump", "reads captures"),
    ("nc", "netcat-openbsd", "a peer to compare dnc with"),
    ("qemu-system-x86_64", "qemu-system-x86", "labs in virtual time run in it"),
  ]

  /// The kernels for guests: each one's release, or its damage, or how to get one.
  private static func reportKernels() {
    do {
      let entries = try KernelStore(environment: ChildProcess.ownEnvironment).entries()
      for entry in entries {
        let text = entry.damage.map { "\(entry.release) is damaged, \($0): halfopen kernel get \(entry.release)" }
        report(entry.damage == nil, "guest kernel", text ?? entry.release.description, isNeeded: false)
      }
      if entries.isEmpty { report(false, "guest kernel", "none; virtual time: halfopen kernel get", isNeeded: false) }
    } catch {
      report(false, "guest kernel", error.message, isNeeded: false)
    }
  }

  /// A whole lab in a few lines: two hosts behind a router, a fault, and a program.
  private static func lab(fault: String, network: String = "routed") -> String {
    """
    title    A trial
    question Can this machine run a lab?
    answer   It can.
    network  \(network)
    peer     trial on kang: true
    start    trial
    wait     trial exits 0
    \(fault)

    """
  }

  private static func trial(_ name: String, _ text: String, isNeeded: Bool = true) -> Bool {
    let setup = LaboratorySetup(script: text, path: "doctor.lab", settings: [], limits: [:])
    do {
      let laboratory = try LaboratoryHandle(setup)
      var reason: String?
      while let descriptor = laboratory.descriptor {
        var entries = [PollEntry(descriptor, .readable)]
        _ = try poll(&entries, timeout: nil)
        for case .end(.some(let why)) in laboratory.read().map(\.body) { reason = why }
      }
      let held = laboratory.wait() == .exited(0) && reason == nil
      report(held, name, held ? "work" : reason ?? "the laboratory died without a word", isNeeded: isNeeded)
      return held
    } catch {
      report(false, name, error.description, isNeeded: isNeeded)
      return false
    }
  }

  private static func report(_ isWell: Bool, _ name: String, _ text: String, isNeeded: Bool = true) {
    let mark = isWell ? "ok  " : isNeeded ? "FAIL" : "-   "
    let padded = name + String(repeating: " ", count: max(0, 22 - name.count))
    Console.print("\(mark) \(padded)\(text)\n")
  }
}
