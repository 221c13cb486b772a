internal import Timeline
internal import TimerModel

extension Proposal {
  /// The proposal as a person reads it: the values, when each failure is noticed, the traps, and what to paste.
  public func text(for wish: Wish) -> String {
    var lines = [
      "Keepalive idle \(idle) s, interval \(interval) s, count \(count)"
        + (userTimeout > 0 ? "; TCP_USER_TIMEOUT \(userTimeout) ms" : "")
    ]
    lines.append(
      "Checked with the timer model for Linux \(wish.kernel.version), HZ=\(wish.kernel.rate.rawValue), round trip \(wish.roundTrip.text):"
    )
    lines.append("")
    for check in checks {
      let when = check.window.map { "\($0.text), \(check.errno ?? "nobody is told")" } ?? "never"
      let mark = check.fulfils == nil ? "    " : check.fulfils == true ? "ok  " : "LATE"
      lines.append("  \(mark) \(pad(check.failure, 66)) \(when)")
    }
    lines.append("")
    lines += traps(for: wish).map { "- \($0)" }
    lines.append("")
    for paste in pastes(for: wish) {
      lines.append("\(paste.title):")
      lines += paste.text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  /// What goes wrong with other values, or even with these.
  public func traps(for wish: Wish) -> [String] {
    var traps: [String] = []
    if userTimeout > 0 {
      traps.append(
        "With a user timeout TCP_KEEPCNT is ignored: up to \((idle + interval) * 1000) ms one lost probe would end a healthy "
          + "idle connection. \(userTimeout) ms lies after probe \(count), so \(count) probes in a row have to be lost."
      )
      if let full = checks.first(where: { $0.failure == Check.liveFullWindow })?.window {
        traps.append(
          "A user timeout ends a connection to a live program that does not read for \(full.earliest.seconds(digits: 1)) s "
            + "(since Linux 5.11). If pauses that long are normal there, set it on the side that only reads, or raise it."
        )
      }
      traps.append(
        "The user timeout counts from the first retransmission and is looked at when a timer fires, so data takes a little "
          + "longer than \(Duration.milliseconds(userTimeout).text); and ICMP or ARP errors may put it off by one interval."
      )
    } else {
      traps.append(
        "Keepalive stops while data is unacknowledged: without a user timeout that takes until tcp_retries2, a quarter of an "
          + "hour. Leave --idle away to cover it."
      )
    }
    if let box = wish.middleBox {
      traps.append(
        "The \(box.name) forgets a connection after \(box.idle.text) of silence: idle \(idle) s is \(idle * 2 <= Int(box.idle.inSeconds) ? "at most half of it, so one probe may be lost" : "below it")."
      )
    } else {
      traps.append(
        "An idle time longer than a middle box's (350 s at some load balancers) lets it forget the connection: see --through."
      )
    }
    traps.append("A program that does not poll or read is not told: the error waits for its next call.")
    return traps
  }

  /// What can be pasted, each with its title.
  public func pastes(for wish: Wish) -> [(title: String, text: String)] {
    let timeout = userTimeout > 0
    var sysctl = """
      net.ipv4.tcp_keepalive_time = \(idle)
      net.ipv4.tcp_keepalive_intvl = \(interval)
      net.ipv4.tcp_keepalive_probes = \(count)
      """
    if timeout, let retries = retries2(for: wish) {
      sysctl +=
        "\n# There is no sysctl for the user timeout; this bounds data at \(retries.end), for every connection:\nnet.ipv4.tcp_retries2 = \(retries.value)"
    }
    return [
      (
        "libpq (connection string)",
        "keepalives=1 keepalives_idle=\(idle) keepalives_interval=\(interval) keepalives_count=\(count)"
          + (timeout ? " tcp_user_timeout=\(userTimeout)" : "")
      ),
      (
        "PgBouncer (pgbouncer.ini)",
        "[pgbouncer]\ntcp_keepalive = 1\ntcp_keepidle = \(idle)\ntcp_keepintvl = \(interval)\ntcp_keepcnt = \(count)"
          + (timeout ? "\ntcp_user_timeout = \(userTimeout)" : "")
      ),
      (
        "PostgreSQL (postgresql.conf)",
        "tcp_keepalives_idle = \(idle)\ntcp_keepalives_interval = \(interval)\ntcp_keepalives_count = \(count)"
          + (timeout ? "\ntcp_user_timeout = \(userTimeout)" : "")
      ),
      ("sysctl (only for sockets with SO_KEEPALIVE)", sysctl),
      (
        "dnc",
        "dnc --keepalive \(idle)s,\(interval)s,\(count)" + (timeout ? " --user-timeout \(userTimeout)ms" : "")
          + " HOST PORT"
      ),
    ] + snippets
  }

  /// The largest `tcp_retries2` that ends silence on data in time.
  private func retries2(for wish: Wish) -> (value: Int, end: String)? {
    for value in stride(from: 15, through: 1, by: -1) {
      var kernel = wish.kernel
      guard (try? kernel.set(.retries2, to: value)) != nil,
        let end = (try? kernel.predict(.sending(.init()), path: Path(roundTrip: wish.roundTrip)))?.end
      else { continue }
      if end.latest <= wish.detectWithin { return (value, end.window.text) }
    }
    return nil
  }
}
