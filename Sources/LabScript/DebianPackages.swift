/// The Debian packages that labs are likely to need, by the programs in them.
public enum DebianPackages {
  /// The package of a program.
  public static let ofProgram = [
    "bridge": "iproute2", "curl": "curl", "initdb": "postgresql", "ip": "iproute2", "iperf3": "iperf3",
    "iptables": "iptables", "nc": "netcat-openbsd", "nc.openbsd": "netcat-openbsd",
    "nc.traditional": "netcat-traditional", "ncat": "ncat", "nginx": "nginx-light", "nmap": "nmap",
    "openssl": "openssl", "perl": "perl", "pgbouncer": "pgbouncer", "ping": "iputils-ping", "postgres": "postgresql",
    "psql": "postgresql-client", "qemu-system-x86_64": "qemu-system-x86", "python3": "python3",
    "redis-cli": "redis-tools", "redis-server": "redis-server",
    "ruby": "ruby", "socat": "socat", "ss": "iproute2", "ssh": "openssh-client", "sshd": "openssh-server",
    "strace": "strace", "tcpdump": "tcpdump", "telnet": "inetutils-telnet", "wget": "wget",
  ]

  /// The programs of a package; empty for one that is not in the table.
  public static func programs(of package: String) -> [String] {
    // Netcat's plain name may be that of another netcat.
    ofProgram.filter { $0.value == package && $0.key != "nc" }.keys.sorted()
  }

  /// The names of the packages in the table.
  static let names = Set(ofProgram.values).sorted()
}

extension Script {
  /// The Debian packages whose programs the lab runs: those it says it needs, and those of its commands.
  ///
  /// What every lab needs (iproute2, iptables) is not among them.
  public var packages: [String] {
    let everyLabs: Set = ["iproute2", "iptables"]
    var packages = needs.filter { !everyLabs.contains($0) }
    for (words, isTraced) in commands {
      let program = words.first?.split(separator: "/").last.map(String.init) ?? ""
      let found = [DebianPackages.ofProgram[program], isTraced ? DebianPackages.ofProgram["strace"] : nil]
      for case let package? in found where !packages.contains(package) && !everyLabs.contains(package) {
        packages.append(package)
      }
    }
    return packages
  }
}
