import Advice
import Testing
import Timeline
import TimerModel

@Suite struct AdviseTests {
  @Test(arguments: [
    (5, TickRate.hz250), (7, .hz250), (10, .hz250), (30, .hz250), (60, .hz250), (600, .hz250), (10, .hz100),
    (10, .hz300),
    (10, .hz1000), (60, .hz1000),
  ])
  func aProposalFulfilsItsWishInEveryFailureThatCounts(seconds: Int, rate: TickRate) throws {
    let kernel = Kernel(version: KernelVersion(6, 12), rate: rate)
    let wish = Wish(detectWithin: .seconds(seconds), kernel: kernel)
    let proposal = try wish.proposal()
    #expect(proposal.checks.allSatisfy { $0.fulfils != false })
    // With the user timeout as without it, several probes have to be lost.
    let idle = try kernel.predict(.idle(.init()), options: proposal.options)
    #expect(idle.probes == proposal.count...proposal.count)
    #expect(proposal.count >= 3)
    #expect((idle.end?.latest ?? .seconds(9999)) <= .seconds(seconds))
    let data = try kernel.predict(.sending(.init()), options: proposal.options)
    #expect((data.end?.latest ?? .seconds(9999)) <= .seconds(seconds))
    #expect(data.end?.limit == .userTimeout)
  }

  @Test func aMiddleBoxBoundsTheIdleTime() throws {
    let wish = Wish(detectWithin: .seconds(3600), middleBox: ("nat", .seconds(350)))
    let proposal = try wish.proposal()
    #expect(proposal.idle <= 175)
    #expect(proposal.text(for: wish).contains("The nat forgets a connection after 5m50s of silence"))
  }

  @Test func onlyIdleConnectionsNeedNoUserTimeout() throws {
    let wish = Wish(detectWithin: .seconds(60), idleOnly: true)
    let proposal = try wish.proposal()
    #expect(proposal.userTimeout == 0)
    #expect(proposal.text(for: wish).contains("Keepalive stops while data is unacknowledged"))
  }

  @Test func aLongRoundTripIsCountedIn() throws {
    let wish = Wish(detectWithin: .seconds(10), roundTrip: .milliseconds(200))
    let proposal = try wish.proposal()
    let path = Path(roundTrip: .milliseconds(200))
    let data = try Kernel().predict(.sending(.init()), options: proposal.options, path: path)
    #expect((data.end?.latest ?? .seconds(99)) <= .seconds(10))
  }

  @Test func whatNoTimerCanDoIsRefusedWithWhatIsPossible() {
    let error = #expect(throws: Impossible.self) { try Wish(detectWithin: .seconds(3)).proposal() }
    #expect(error?.description.contains("4.104s") == true)
    #expect(throws: Impossible.self) { try Wish(detectWithin: .milliseconds(200)).proposal() }
    #expect(throws: Impossible.self) { try Wish(detectWithin: .seconds(10_000_000)).proposal() }
    #expect(throws: Impossible.self) {
      try Wish(detectWithin: .seconds(60), middleBox: ("nat", .seconds(1))).proposal()
    }
  }

  @Test func theTrapsAreNamedWithTheirNumbers() throws {
    let wish = Wish(detectWithin: .seconds(10))
    let proposal = try wish.proposal()
    let text = proposal.text(for: wish)
    #expect(text.contains("With a user timeout TCP_KEEPCNT is ignored"))
    #expect(text.contains("A user timeout ends a connection to a live program that does not read"))
    #expect(text.contains("\(proposal.count) probes in a row have to be lost"))
  }

  @Test func theValuesCanBePasted() throws {
    let wish = Wish(detectWithin: .seconds(10))
    let proposal = try wish.proposal()
    let pastes = Dictionary(proposal.pastes(for: wish).map { ($0.title, $0.text) }, uniquingKeysWith: { $1 })
    let (idle, interval, count) = (proposal.idle, proposal.interval, proposal.count)
    #expect(
      pastes["libpq (connection string)"] == "keepalives=1 keepalives_idle=\(idle) keepalives_interval=\(interval) "
        + "keepalives_count=\(count) tcp_user_timeout=\(proposal.userTimeout)"
    )
    #expect(
      pastes["dnc"]
        == "dnc --keepalive \(idle)s,\(interval)s,\(count) --user-timeout \(proposal.userTimeout)ms HOST PORT"
    )
    for title in ["PgBouncer (pgbouncer.ini)", "PostgreSQL (postgresql.conf)"] {
      #expect(pastes[title]?.contains("tcp_user_timeout = \(proposal.userTimeout)") == true)
    }
    for language in ["Swift", "C", "Python", "Go", "Java"] {
      #expect(pastes[language]?.contains("\(proposal.userTimeout)") == true)
    }
    #expect(pastes.keys.contains("sysctl (only for sockets with SO_KEEPALIVE)"))
  }
}
