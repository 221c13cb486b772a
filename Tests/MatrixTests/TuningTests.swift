import Matrix
import Testing
import TimerModel

@Suite struct TuningTests {
  @Test func settingsAreReadAsAPersonWritesThem() throws {
    let tuning = try Tuning(text: "mine: keepalive=2s,3s,3 user-timeout=9s syn-count=4 tcp_retries2=8", fallback: "x")
    #expect(tuning.name == "mine")
    #expect(tuning.options.keepalive == .init(idle: 2, interval: 3, count: 3))
    #expect(tuning.options.userTimeout == 9000)
    #expect(tuning.options.synCount == 4)
    #expect(tuning.sysctls == [.init(.retries2, 8)])
    #expect(tuning.words == "keepalive 2s,3s,3, user timeout 9s, SYN count 4, tcp_retries2 8")
    let bare = try Tuning(text: "user-timeout=1m30s", fallback: "mine2")
    #expect(bare.name == "mine2" && bare.options.userTimeout == 90_000)
    #expect(try Tuning(text: "", fallback: "x").words == "nothing set")
    let system = try Tuning(text: "keepalive=default net.ipv4.tcp_keepalive_time=60", fallback: "x")
    #expect(system.words == "keepalive 60s,75s,9, tcp_keepalive_time 60")
  }

  @Test(arguments: [
    ("user-timeout", "'user-timeout' is not of the form NAME=VALUE"),
    ("usertimeout=9s", "there is no setting 'usertimeout'; there are keepalive=IDLE,INTERVAL,COUNT"),
    ("user-timeout=9", "user-timeout cannot have '9': '9' has no unit: write 9s"),
    ("user-timeout=0s", "user-timeout cannot be '0s': write a whole number of milliseconds, 1ms to"),
    ("user-timeout=1us", "user-timeout cannot be '1us'"),
    ("user-timeout=30d", "TCP_USER_TIMEOUT cannot be 2592000000 ms: allowed is 0 to 2147483647 ms"),
    ("user-timeout=2h", "user-timeout cannot be 2h in a matrix: allowed is 1ms to 1h"),
    ("user-timeout=9s user-timeout=8s", "'user-timeout' is given twice"),
    ("keepalive=2s,3s", "keepalive cannot be '2s,3s': write IDLE,INTERVAL,COUNT"),
    ("keepalive=2s,3s,three", "keepalive cannot be '2s,3s,three'"),
    ("keepalive=2,3s,3", "keepalive cannot have '2': '2' has no unit"),
    ("keepalive=1500ms,3s,3", "keepalive cannot have '1500ms': the kernel takes whole seconds here"),
    ("keepalive=0s,3s,3", "TCP_KEEPIDLE cannot be 0 s: allowed is 1 to 32767 s"),
    ("keepalive=2s,32768s,3", "TCP_KEEPINTVL cannot be 32768 s: allowed is 1 to 32767 s"),
    ("keepalive=2s,3s,128", "TCP_KEEPCNT cannot be 128: allowed is 1 to 127"),
    ("syn-count=0", "TCP_SYNCNT cannot be 0: allowed is 1 to 127"), ("syn-count=x", "syn-count cannot be 'x'"),
    ("tcp_retries2=256", "tcp_retries2 cannot be 256: allowed is 0 to 255"),
    ("tcp_retries2=lots", "tcp_retries2 cannot be 'lots': allowed is 0 to 255"),
    ("ucast_solicit=3", "there is no setting 'ucast_solicit'"),
    ("keepalive=default tcp_keepalive_time=40000", "keepalive's idle time cannot be 40000 s"),
    ("keepalive=default tcp_keepalive_probes=200", "keepalive's count cannot be 200"),
    ("My Name: user-timeout=9s", "'My Name' cannot be a column's name"),
    (": user-timeout=9s", "'' cannot be a column's name"),
    ("\u{1B}[31m: user-timeout=9s", "'\u{1B}[31m' cannot be a column's name"),
  ])
  func whatCannotBeSetIsRefused(text: String, message: String) throws {
    let said = try #require(mistake { _ = try Tuning(text: text, fallback: "x") })
    #expect(said.hasPrefix(message), "\(said)")
  }

  // MARK: PostgreSQL

  @Test func aConnectionStringIsReadAsLibpqReadsIt() throws {
    let text =
      "host = db  dbname='my db' password='it\\'s'  keepalives_idle=10 keepalives_interval=5 keepalives_count=3"
    let tuning = try Tuning(libpq: text + " tcp_user_timeout=25000 connect_timeout=1", fallback: "libpq")
    #expect(tuning.name == "libpq")
    #expect(tuning.options.keepalive == .init(idle: 10, interval: 5, count: 3))
    #expect(tuning.options.userTimeout == 25_000)
    #expect(tuning.remarks.count == 1 && tuning.remarks[0].contains("longer than 1s, libpq gives up by itself"))
  }

  @Test func aURIIsReadToo() throws {
    let uri =
      "postgresql://user:pass%40word@host1:123,host2/db?keepalives_idle=1%30&tcp_user_timeout=0&keepalives_count=4"
    let tuning = try Tuning(libpq: "prod: " + uri, fallback: "libpq")
    #expect(tuning.name == "prod")
    #expect(tuning.options.keepalive == .init(idle: 10, interval: nil, count: 4))
    #expect(tuning.words == "keepalive 10s,75s,4")
    #expect(try Tuning(libpq: "postgres://db", fallback: "x").words == "keepalive 7200s,75s,9")
  }

  @Test func keepaliveIsOnUnlessItIsTurnedOff() throws {
    #expect(try Tuning(libpq: "", fallback: "x").words == "keepalive 7200s,75s,9")
    #expect(try Tuning(libpq: "keepalives=0 keepalives_idle=5", fallback: "x").words == "nothing set")
  }

  @Test(arguments: [
    ("host", "'host' has no value"), ("keepalives_idle=ten", "keepalives_idle cannot be 'ten'"),
    ("keepalives_idle=99999999999", "keepalives_idle cannot be '99999999999'"),
    ("keepalives_idle=0", "keepalives_idle cannot be 0: libpq hands it to the kernel, is refused"),
    ("keepalives_count=-4", "keepalives_count cannot be 0"),
    ("keepalives_idle=40000", "TCP_KEEPIDLE cannot be 40000 s: allowed is 1 to 32767 s"),
    ("password='open", "the value of 'password' has no closing quote"), ("=5", "'' has no value"),
    ("postgresql://db?keepalives_idle", "'keepalives_idle' has no value"),
    ("postgresql://db?a=%zz", "'%zz' has a '%' that two hexadecimal digits do not follow"),
    ("postgresql://db?a=%4", "'%4' has a '%'"),
  ])
  func aBrokenConnectionStringIsRefused(text: String, message: String) throws {
    let said = try #require(mistake { _ = try Tuning(libpq: text, fallback: "x") })
    #expect(said.hasPrefix(message), "\(said)")
  }

  // MARK: PgBouncer

  @Test func aPgBouncerFileIsReadAsPgBouncerReadsIt() throws {
    let text = """
      ; the databases
      [databases]
      tcp_keepidle = 1
      %include /etc/more.ini
      [pgbouncer]
      # sockets
      tcp_keepidle = 30\r
      \ttcp_keepintvl=10
      tcp_keepcnt = 0
      ;tcp_user_timeout = 1
      tcp_user_timeout = 12500
      server_connect_timeout = 15
      query_timeout = 0
      """
    let tuning = try Tuning(pgbouncer: text, name: "pgbouncer")
    #expect(tuning.words == "keepalive 30s,10s,9, user timeout 12.500s")
    #expect(tuning.remarks.count == 2)
    #expect(tuning.remarks[0].contains("server_connect_timeout=15") && !tuning.remarks[0].contains("query_timeout"))
    #expect(tuning.remarks[1].contains("line 4: %include /etc/more.ini is not read"))
    let off = try Tuning(pgbouncer: "[pgbouncer]\ntcp_keepalive = 0\ntcp_keepidle = 3", name: "x")
    #expect(off.words == "nothing set")
    #expect(try Tuning(pgbouncer: "[PgBouncer]\n", name: "x").words == "keepalive 7200s,75s,9")
  }

  @Test(arguments: [
    ("", "there is no section [pgbouncer]"), ("[databases]\ntcp_keepidle=5", "there is no section [pgbouncer]"),
    ("[pgbouncer]\ntcp_keepidle = 5s", "line 2: tcp_keepidle cannot be '5s'"),
    ("[pgbouncer]\n\ntcp_user_timeout = -1", "line 3: tcp_user_timeout cannot be '-1'"),
    ("[pgbouncer]\ntcp_keepcnt = 500", "TCP_KEEPCNT cannot be 500: allowed is 1 to 127"),
  ])
  func aBrokenPgBouncerFileIsRefused(text: String, message: String) throws {
    let said = try #require(mistake { _ = try Tuning(pgbouncer: text, name: "x") })
    #expect(said.hasPrefix(message), "\(said)")
  }

  @Test(arguments: [
    ("tcp_retries2=8", 1200), ("user-timeout=9s", 1200), ("keepalive=2s,3s,3", 120), ("keepalive=10s,5s,3", 600),
    ("keepalive=1s,20s,9", 362), ("keepalive=default", 1200), ("keepalive=32767s,32767s,127", 1200),
  ])
  func whatShouldBeToldNothingIsWatchedLongEnough(settings: String, seconds: Int) throws {
    #expect(try Tuning(text: settings, fallback: "x").virtualWatch == .seconds(seconds))
  }
}
