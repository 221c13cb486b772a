/// Linux's TCP settings: the `net.ipv4.tcp_*` that each network namespace has for itself.
///
/// From Documentation/networking/ip-sysctl.rst and `ipv4_net_table` in net/ipv4/sysctl_net_ipv4.c, Linux 6.1 to 7.3.
enum KernelSettingTable {
  /// What a setting's value is.
  enum Kind: Equatable {
    /// A whole number in this range; `unit` is what it counts, if it is a time.
    case number(ClosedRange<Int64>, unit: String?)
    /// Three sizes in bytes: least, default, most.
    case sizes
    /// A word.
    case word
  }

  /// The setting called `name`, without `net.ipv4.`.
  static func kind(of name: String) -> Kind? { table[name] }

  /// The names, sorted.
  static let names = table.keys.sorted()

  /// Those that a namespace does not have for itself: setting one would change the whole machine, or is refused.
  static let wholeMachine: Set<String> = [
    "tcp_mem", "tcp_max_orphans", "tcp_low_latency", "tcp_available_ulp", "tcp_available_congestion_control",
    "tcp_allowed_congestion_control", "tcp_ehash_entries",
  ]

  private static let int: ClosedRange<Int64> = -2_147_483_648...2_147_483_647
  private static let natural: ClosedRange<Int64> = 0...2_147_483_647
  private static let byte: ClosedRange<Int64> = 0...255
  private static let flag: Kind = .number(0...1, unit: nil)
  private static let small: Kind = .number(byte, unit: nil)
  private static let seconds: Kind = .number(natural, unit: "seconds")

  private static let table: [String: Kind] = [
    "tcp_abort_on_overflow": small,
    "tcp_adv_win_scale": .number(-31...31, unit: nil),
    "tcp_app_win": .number(0...31, unit: nil),
    "tcp_autocorking": flag,
    "tcp_backlog_ack_defer": flag,
    "tcp_base_mss": .number(int, unit: nil),
    "tcp_challenge_ack_limit": .number(int, unit: nil),
    "tcp_child_ehash_entries": .number(0...16_777_216, unit: nil),
    "tcp_comp_sack_delay_ns": .number(0...4_294_967_295, unit: "nanoseconds"),
    "tcp_comp_sack_nr": small,
    "tcp_comp_sack_slack_ns": .number(0...4_294_967_295, unit: "nanoseconds"),
    "tcp_congestion_control": .word,
    "tcp_dsack": small,
    "tcp_early_demux": small,
    "tcp_early_retrans": .number(0...4, unit: nil),
    "tcp_ecn": .number(0...5, unit: nil),
    "tcp_ecn_fallback": flag,
    "tcp_ecn_option": .number(0...3, unit: nil),
    "tcp_ecn_option_beacon": .number(0...3, unit: nil),
    "tcp_fack": small,
    "tcp_fastopen": .number(int, unit: nil),
    "tcp_fastopen_blackhole_timeout_sec": seconds,
    "tcp_fastopen_key": .word,
    "tcp_fin_timeout": seconds,
    "tcp_frto": small,
    "tcp_fwmark_accept": small,
    "tcp_invalid_ratelimit": .number(natural, unit: "milliseconds"),
    "tcp_keepalive_intvl": seconds,
    "tcp_keepalive_probes": small,
    "tcp_keepalive_time": seconds,
    "tcp_l3mdev_accept": flag,
    "tcp_limit_output_bytes": .number(int, unit: nil),
    "tcp_max_reordering": .number(int, unit: nil),
    "tcp_max_syn_backlog": .number(int, unit: nil),
    "tcp_max_tw_buckets": .number(int, unit: nil),
    "tcp_migrate_req": flag,
    "tcp_min_rtt_wlen": .number(0...86_400, unit: "seconds"),
    "tcp_min_snd_mss": .number(48...65_535, unit: nil),
    "tcp_min_tso_segs": .number(1...255, unit: nil),
    "tcp_moderate_rcvbuf": small,
    "tcp_mtu_probe_floor": .number(48...65_535, unit: nil),
    "tcp_mtu_probing": small,
    "tcp_no_metrics_save": small,
    "tcp_no_ssthresh_metrics_save": flag,
    "tcp_notsent_lowat": .number(0...4_294_967_295, unit: nil),
    "tcp_orphan_retries": small,
    "tcp_pacing_ca_ratio": .number(0...1000, unit: nil),
    "tcp_pacing_ss_ratio": .number(0...1000, unit: nil),
    "tcp_pingpong_thresh": .number(1...255, unit: nil),
    "tcp_plb_cong_thresh": .number(0...256, unit: nil),
    "tcp_plb_enabled": flag,
    "tcp_plb_idle_rehash_rounds": .number(0...31, unit: nil),
    "tcp_plb_rehash_rounds": .number(0...31, unit: nil),
    "tcp_plb_suspend_rto_sec": .number(byte, unit: "seconds"),
    "tcp_probe_interval": .number(0...4_294_967_295, unit: "seconds"),
    "tcp_probe_threshold": .number(int, unit: nil),
    "tcp_recovery": small,
    "tcp_reflect_tos": flag,
    "tcp_reordering": .number(int, unit: nil),
    "tcp_retrans_collapse": small,
    "tcp_retries1": small,
    "tcp_retries2": small,
    "tcp_rfc1337": small,
    "tcp_rmem": .sizes,
    "tcp_rto_max_ms": .number(1000...120_000, unit: "milliseconds"),
    "tcp_rto_min_us": .number(1...2_147_483_647, unit: "microseconds"),
    "tcp_sack": small,
    "tcp_shrink_window": flag,
    "tcp_slow_start_after_idle": small,
    "tcp_stdurg": small,
    "tcp_syn_linear_timeouts": .number(0...127, unit: nil),
    "tcp_syn_retries": .number(1...127, unit: nil),
    "tcp_synack_retries": small,
    "tcp_syncookies": .number(0...2, unit: nil),
    "tcp_thin_linear_timeouts": small,
    "tcp_timestamps": small,
    "tcp_tso_rtt_log": small,
    "tcp_tso_win_divisor": small,
    "tcp_tw_reuse": .number(0...2, unit: nil),
    "tcp_tw_reuse_delay": .number(1...60_000, unit: "milliseconds"),
    "tcp_window_scaling": small,
    "tcp_wmem": .sizes,
    "tcp_workaround_signed_windows": small,
  ]
}
