import CommandLine
import Sockets

extension Settings {
  /// The options of dnc.
  static let options = OptionTable<Settings>(
    program: "dnc",
    usage: ["[OPTION]... HOST PORT", "[OPTION]... -l [-p] PORT"],
    about: """
      dnc is nc for demonstrations: it connects to HOST and PORT, or with -l waits for one connection, logs every step \
      it takes, and leaves the socket open when the peer has ended its stream.
      """,
    groups: [
      OptionGroup("Addresses", addresses), OptionGroup("Socket", socket), OptionGroup("Behaviour", behaviour),
    ],
    notes: """
      A TIME has a unit: 250ms, 9s, 2m, 1m30s. A SIZE is in bytes: 65536, 64KiB, 1MiB.

      Exit status: 0 orderly, 1 the connection (or standard input or output) failed,
      2 usage. Environment: DNC_EVENTS names the descriptor of --events FD.
      """
  )

  private static let addresses: [Option<Settings>] = [
    .flag("listen", short: "l", "listen on PORT and take one connection") { $0.listens = true },
    .value("port", short: "p", "PORT", "the port to listen on; 0 lets the kernel choose") { $0.port = $1 },
    .value("bind", "ADDRESS", "the own address, to listen on or to connect from") { $0.bindAddress = $1 },
    .flag("ipv4", short: "4", "use IPv4 only") { $0.onlyIPv4 = true },
    .flag("ipv6", short: "6", "use IPv6 only") { $0.onlyIPv6 = true },
    .flag("numeric", short: "n", "look up neither names nor services") { $0.numericOnly = true },
  ]

  private static let socket: [Option<Settings>] = [
    .value("keepalive", "IDLE,INTERVAL,COUNT", "probe an idle connection: 10s,5s,3") {
      (settings, text) throws(InvalidValue) in
      let times = try keepAliveTimes(text)
      settings.keepAliveIdle = times.idle
      settings.keepAliveInterval = times.interval
      settings.keepAliveCount = times.count
    },
    .value("keepalive-idle", "TIME", "how long it must be idle (TCP_KEEPIDLE)") {
      (settings, text) throws(InvalidValue) in
      settings.keepAliveIdle = try duration(text, for: .keepAliveIdle)
    },
    .value("keepalive-interval", "TIME", "the time between probes (TCP_KEEPINTVL)") {
      (settings, text) throws(InvalidValue) in
      settings.keepAliveInterval = try duration(text, for: .keepAliveInterval)
    },
    .value("keepalive-count", "N", "how many probes may stay unanswered (TCP_KEEPCNT)") {
      (settings, text) throws(InvalidValue) in
      settings.keepAliveCount = try count(text, "a number of probes", for: .keepAliveCount)
    },
    .value("user-timeout", "TIME", "how long data may stay unacknowledged (TCP_USER_TIMEOUT)") {
      (settings, text) throws(InvalidValue) in
      settings.userTimeout = try duration(text, for: .userTimeout)
    },
    .value("syn-retries", "N", "how often a SYN, or a listener's SYN-ACK, is sent again (TCP_SYNCNT)") {
      (settings, text) throws(InvalidValue) in
      settings.synRetries = try count(text, "a number of retries", for: .synRetries)
    },
    .value("linger", "TIME", "how long close waits for unsent data; 0s sends an RST (SO_LINGER)") {
      (settings, text) throws(InvalidValue) in
      settings.linger = try lingerTime(text)
    },
    .value("defer-accept", "TIME", "with -l: accept only when data came, or after TIME (TCP_DEFER_ACCEPT)") {
      (settings, text) throws(InvalidValue) in
      settings.deferAccept = try duration(text, for: .deferAccept)
    },
    .value("backlog", "N", "with -l: how many connections may wait (\(defaultBacklog))") {
      (settings, text) throws(InvalidValue) in
      settings.backlog = try wholeNumber(text, "a number of connections", in: 0...65535)
    },
    .value("send-buffer", "SIZE", "the send buffer (SO_SNDBUF); the kernel doubles it") {
      (settings, text) throws(InvalidValue) in
      settings.sendBuffer = try bufferSize(text)
    },
    .value("receive-buffer", "SIZE", "the receive buffer (SO_RCVBUF); the kernel doubles it") {
      (settings, text) throws(InvalidValue) in
      settings.receiveBuffer = try bufferSize(text)
    },
    .flag("no-delay", "send small segments at once (TCP_NODELAY)") { $0.noDelay = true },
  ]

  private static let behaviour: [Option<Settings>] = [
    .flag("close-on-eof", "close the socket when the peer has ended its stream, as nc does") {
      $0.closesOnEndOfStream = true
    },
    .flag("no-poll", "do without poll: one thread blocks reading, one writing") { $0.usesPoll = false },
    .flag("quiet", "be a plain, fast pipe: no log, bytes to stdout, FIN at the end of stdin") { $0.isQuiet = true },
    .value("timestamps", "utc|relative|none", "what stands before each line of the log (utc)") {
      (settings, text) throws(InvalidValue) in
      settings.timestamps = try choice(
        text,
        of: [("utc", .utc), ("relative", .relative), ("none", Settings.Timestamps.none)]
      )
    },
    .value("events", "FD", "write every system call as a JSON line to descriptor FD") {
      (settings, text) throws(InvalidValue) in
      let number = try wholeNumber(text, "a descriptor", in: 0...Int32.max)
      guard EventWriter.isOpen(number) else {
        throw InvalidValue("descriptor \(text) is not open: open it in the shell, as in '--events 3 3>events.jsonl'")
      }
      settings.eventsDescriptor = number
    },
    .flag("repl", "make the system calls by hand, one per line typed; 'help' lists them") { $0.isRepl = true },
  ]
}
