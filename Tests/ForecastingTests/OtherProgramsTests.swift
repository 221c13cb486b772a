import Forecasting
import Judge
import Testing
import Timeline

/// Programs that are not dnc: what their command lines say of their connections.
@Suite struct OtherProgramsTests {
  private func said(_ server: String, _ client: String, _ steps: String) throws -> Said? {
    try ForecastingTests.said(
      """
      title     Test
      network   routed
      sysctl    tcp_retries2 = 5
      peer      server on kodos: \(server)
      peer      client on kang: traced \(client)
      start     server
      wait      kodos listens on 8080
      start     client
      wait      kang connection is ESTABLISHED
      \(steps)
      """
    )
  }

  @Test(arguments: [
    ("nc.openbsd -l 8080", "nc.openbsd kodos 8080"), ("nc -l -p 8080", "nc kodos 8080"),
    ("ncat -l 8080", "/usr/bin/ncat kodos 8080"),
    ("socat TCP-LISTEN:8080,fork STDIO", "socat STDIO tcp:kodos:8080,keepalive"),
    ("socat - TCP4-L:8080", "socat -u TCP4-CONNECT:kodos:8080 -"),
  ])
  func retransmitLikeAnyOther(server: String, client: String) throws {
    let steps = "power off kodos\nclient types \"x\"\nexpect client read fails ETIMEDOUT as predicted"
    let said = try #require(try said(server, client, steps))
    #expect(said.prediction.limit == "tcp_retries2")
  }

  @Test(arguments: ["socat STDIO TCP:kodos", "socat STDIO OPEN:kodos:8080", "socat STDIO TCP:kodos:http", "socat"])
  func whatIsNotUnderstoodIsNotPredicted(client: String) throws {
    let steps = "power off kodos\nclient types \"x\"\nexpect client read fails ETIMEDOUT"
    #expect(try said("socat TCP-LISTEN:8080 STDIO", client, steps) == nil)
  }

  @Test func onlyWhoClosesAtTheEndOfStreamMakesTheOtherWaitInTIMEWAIT() throws {
    let steps = "interrupt server\nexpect kodos connection is gone as predicted"
    let closes = try said("nc.traditional -l -p 8080", "nc.traditional kodos 8080", steps)
    #expect(closes?.prediction.limit == "TIME_WAIT")
    for program in ["nc.openbsd", "ncat"] {
      let stays = try said("\(program) -l 8080", "\(program) kodos 8080", steps)
      #expect(stays?.prediction.limit == "tcp_fin_timeout")
    }
  }

  /// What is said of a client on kang, with an unknown server on kodos.
  private func said(of client: String, _ steps: String) throws -> Said? {
    try ForecastingTests.said(
      """
      title     Test
      network   routed
      sysctl    tcp_retries2 = 5
      sysctl    tcp_syn_retries = 1
      peer      server on kodos as user: sh start.sh
      peer      client on kang: traced \(client)
      \(steps)
      """
    )
  }

  private static let query = """
    start     server
    start     client
    client    types "SELECT 0;"
    wait      client prints "0"
    client    types "SELECT 1;"
    drop everything between kang and kodos
    """

  private static let sent = query + "\nclient types \"SELECT 2;\"\nexpect client read fails ETIMEDOUT as predicted"
  private static let idle = query + "\nexpect kang connection is gone as predicted"

  @Test(arguments: [
    ("psql -h kodos", sent, "tcp_retries2"), ("psql -X -At --host=kodos -U app shop", sent, "tcp_retries2"),
    ("psql 'host=kodos tcp_user_timeout=9000'", sent, "user timeout"),
    ("psql -d 'host=kodos tcp_user_timeout=9000 keepalives=0'", sent, "user timeout"),
    ("psql 'postgresql://app:secret@kodos:5432/shop?tcp_user_timeout=9000'", sent, "user timeout"),
    ("psql 'host=kodos keepalives_idle=2 keepalives_interval=3 keepalives_count=3'", idle, "keepalive"),
    ("psql 'postgres://kodos/?keepalives_idle=2&keepalives_interval=3&keepalives_count=3'", idle, "keepalive"),
  ])
  func libpqsParametersAreTheSocketsOptions(client: String, steps: String, limit: String) throws {
    #expect(try said(of: client, steps)?.prediction.limit == limit)
  }

  @Test func psqlCountsItsSilenceFromTheAnswer() throws {
    let psql = "psql 'host=kodos keepalives_idle=2 keepalives_interval=3 keepalives_count=3'"
    let said = try #require(try said(of: psql, Self.idle))
    #expect(said.count?.mark == .exit(peer: "client", call: "read", after: 11))
    #expect(said.isBetween(11.15, 11.41))
    // Before anything is asked, what goes to and fro to log in is not known.
    let login = "start server\nstart client\ndrop everything between kang and kodos\n"
    #expect(try self.said(of: psql, login + "expect kang connection is gone") == nil)
    let first = Self.idle.replacing("client    types \"SELECT 0;\"\n", with: "").replacing(" as predicted", with: "")
    #expect(try self.said(of: psql, first) == nil)
    let without = try self.said(of: "psql 'host=kodos keepalives=0'", Self.idle.replacing(" as predicted", with: ""))
    #expect(without?.prediction.earliest == nil)
  }

  @Test func whatIsAskedAfterKeepaliveHasBegunIsNotPredicted() throws {
    let psql = "psql 'host=kodos keepalives_idle=2 keepalives_interval=3 keepalives_count=3'"
    func said(after seconds: Int) throws -> Said? {
      let steps = "after \(seconds)s client types \"SELECT 2;\"\nexpect client write fails ETIMEDOUT"
      return try self.said(of: psql, Self.query + "\n" + steps)
    }
    #expect(try said(after: 1)?.prediction.limit == "tcp_retries2")
    #expect(try said(after: 15) == nil)
  }

  @Test func aSubscriberOfRedisCountsFromTheAnswer() throws {
    let steps = "start server\nstart client\npower off kodos\nexpect client read fails ETIMEDOUT as predicted"
    let said = try #require(try said(of: "redis-cli -h kodos SUBSCRIBE news", steps))
    #expect(said.isBetween(30.244, 30.616))
    #expect(try self.said(of: "redis-cli -h kodos", steps.replacing(" as predicted", with: "")) == nil)
  }

  @Test func redisServerAndPostgresWatchTheirClientsAsTheirOptionsSay() throws {
    for server in ["redis-server --port 8080", "postgres -D data -c port=8080"] {
      let steps = "power off kang\nexpect kodos connection is gone"
      // When the client's last packet comes is its own affair.
      #expect(try said(server, "nc kodos 8080", steps) == nil)
    }
  }

  @Test(arguments: ["python3 -m http.server 8080", "python3 server.py 8080", "my-server any 8080"])
  func aServerOfWhichLittleIsKnownMayListen(server: String) throws {
    let steps = "power off kodos\nexpect client exits"
    #expect(try said(server, "curl -sS http://kodos:8080/big", steps) == nil)
  }

  @Test func curlConnectsAsTheKernelDoesUnlessItHasALimit() throws {
    let steps = "start server\npower off kodos\nstart client\nexpect client connect fails ETIMEDOUT"
    #expect(try said(of: "curl -sS http://kodos:8080/big", steps)?.prediction.limit == "tcp_syn_retries")
    #expect(try said(of: "curl --connect-timeout 2 http://kodos:8080/big", steps) == nil)
    #expect(try said(of: "curl --max-time 2 http://kodos:8080/big", steps) == nil)
  }
}
