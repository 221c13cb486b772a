import Sockets

/// What the command line asks of dnc.
struct Settings {
  /// What stands before each line of the log.
  enum Timestamps {
    /// `2016-05-27T08:40:02Z: `
    case utc
    /// Seconds since the program began: `126.177: `
    case relative
    /// Nothing.
    case none
  }

  var listens = false
  var host: String?
  var port = ""
  var onlyIPv4 = false
  var onlyIPv6 = false
  var numericOnly = false
  var bindAddress: String?

  var keepAliveIdle: Duration?
  var keepAliveInterval: Duration?
  var keepAliveCount: Int?
  var userTimeout: Duration?
  var synRetries: Int?
  var linger: Duration?
  var deferAccept: Duration?
  var backlog: Int?
  var sendBuffer: Int?
  var receiveBuffer: Int?
  var noDelay = false

  var closesOnEndOfStream = false
  var usesPoll = true
  var isQuiet = false
  var timestamps: Timestamps?
  var eventsDescriptor: CInt?
  var isRepl = false

  /// How many connections may wait to be accepted unless `--backlog` says otherwise; the original's number.
  static let defaultBacklog = 256

  /// The family of addresses to use; `nil` for either.
  var family: SocketAddress.Family? { onlyIPv4 ? .ipv4 : onlyIPv6 ? .ipv6 : nil }

  /// Whether any keepalive option was given: each one alone turns keepalive on.
  var keepsAlive: Bool { keepAliveIdle != nil || keepAliveInterval != nil || keepAliveCount != nil }
}
