internal import LabScript
internal import Sockets

/// The kernel settings of a lab's hosts: every one that a lab depends on is pinned, so that a machine whose
/// administrator has changed them gives the same answers.
enum KernelSettings {
  /// A setting's full name and its value.
  typealias Entry = (name: String, value: String)

  /// Linux's defaults, see Documentation/networking/ip-sysctl.rst.
  ///
  /// Some are younger than others: a kernel that does not know a name behaves as its authors wrote it then.
  private static let defaults: [Entry] = [
    // How often SYN and SYN-ACK are sent again.
    ("net.ipv4.tcp_syn_retries", "6"),
    ("net.ipv4.tcp_syn_linear_timeouts", "4"),
    ("net.ipv4.tcp_synack_retries", "5"),
    // How long unacknowledged data is sent again.
    ("net.ipv4.tcp_retries1", "3"),
    ("net.ipv4.tcp_retries2", "15"),
    ("net.ipv4.tcp_orphan_retries", "0"),
    ("net.ipv4.tcp_rto_min_us", "200000"),
    ("net.ipv4.tcp_rto_max_ms", "120000"),
    ("net.ipv4.tcp_early_retrans", "3"),
    ("net.ipv4.tcp_recovery", "1"),
    ("net.ipv4.tcp_thin_linear_timeouts", "0"),
    ("net.ipv4.tcp_frto", "2"),
    // When idle connections are probed.
    ("net.ipv4.tcp_keepalive_time", "7200"),
    ("net.ipv4.tcp_keepalive_intvl", "75"),
    ("net.ipv4.tcp_keepalive_probes", "9"),
    // How long a closed connection is remembered.
    ("net.ipv4.tcp_fin_timeout", "60"),
    ("net.ipv4.tcp_tw_reuse", "2"),
    ("net.ipv4.tcp_rfc1337", "0"),
    ("net.ipv4.tcp_abort_on_overflow", "0"),
    // What the segments carry.
    ("net.ipv4.tcp_timestamps", "1"),
    ("net.ipv4.tcp_sack", "1"),
    ("net.ipv4.tcp_window_scaling", "1"),
    ("net.ipv4.tcp_mtu_probing", "0"),
    ("net.ipv4.tcp_no_metrics_save", "0"),
    ("net.ipv4.tcp_syncookies", "1"),
    // How often ICMP errors may be sent.
    ("net.ipv4.icmp_ratelimit", "1000"),
    ("net.ipv4.icmp_ratemask", "6168"),
    ("net.ipv6.icmp.ratelimit", "1000"),
  ]

  /// The defaults for one host, less what the script sets itself.
  static func pinned(for host: String, in script: Script) -> [Entry] {
    let own = own(for: host, in: script)
    return defaults.filter { entry in
      let isMeant = script.family == .ipv6 || !entry.name.hasPrefix("net.ipv6.")
      return isMeant && !own.contains { $0.name == entry.name }
    }
  }

  /// Sets one in the network namespace that this process is in.
  static func apply(_ setting: Entry) throws(SystemError) {
    let path = "/proc/sys/" + setting.name.split(separator: ".").joined(separator: "/")
    try FileIO.write(setting.value, toExisting: path)
  }

  /// What the script sets for one host.
  static func own(for host: String, in script: Script) -> [Entry] {
    script.sysctls.filter { $0.host == nil || $0.host == host }.map { setting in
      let neighbours = "net.ipv4.neigh."
      guard script.family == .ipv6, setting.name.hasPrefix(neighbours) else { return (setting.name, setting.value) }
      // Each family has a table of neighbours of its own, with the same settings.
      return ("net.ipv6.neigh." + setting.name.dropFirst(neighbours.count), setting.value)
    }
  }
}
