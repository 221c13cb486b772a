import Sockets
import Testing
import Timeline

/// Whole labs, run as a user runs them.
@Suite struct LabRunTests {
  /// A lab of two seconds: the client's user timeout ends a connection to a host without power.
  static let short = """
    title     A user timeout
    question  When does the client hear of it?
    answer    When the user timeout has passed since the first retransmission.
    network   routed
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang: dnc --user-timeout 1200ms kodos 8080
    start     server
    wait      kodos listens on 8080
    start     client
    wait      client prints "connected"
    power off kodos
    client    types "hello"
    expect    client write returns 6
    expect    client read fails ETIMEDOUT as predicted
    expect    client exits 1
    expect    kang connection is gone

    """

  private static func verdicts(in events: [Event]) -> [Verdict] {
    events.compactMap { if case .verdict(let verdict) = $0.body { verdict } else { nil } }
  }

  /// The lab that takes a minute all the same, since TIME_WAIT does; it begins first, so that the others run beside it.
  private static let slow = ["warmup"]

  /// Every lab below `folder`, but for those that must be refused.
  private static func labs(in folder: String) throws -> [String] {
    try FileIO.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      if FileIO.isDirectory(path) { return name == "broken" ? [] : try labs(in: path) }
      return name.hasSuffix(".lab") ? [path] : []
    }
  }

  /// Copies of the catalogue's files that an ordinary user can read.
  private static func copyOfLabs() throws -> [String] {
    let paths = try labs(in: "\(Program.repository)/labs")
    let names = paths.map { String($0.split(separator: "/").last?.dropLast(4) ?? "") }
    #expect(Set(names).count == names.count, "every lab has a name of its own, since 'halfopen run NAME' looks for it")
    let copies = try zip(paths, names).map { path, name in
      let text = String(decoding: try FileIO.contents(of: path), as: UTF8.self)
      return (name, try Program.write(text, name))
    }
    return copies.filter { slow.contains($0.0) }.map(\.1) + copies.filter { !slow.contains($0.0) }.map(\.1)
  }

  /// Runs the catalogue in its quick variants, many at a time; one lab that did not pass then has to pass alone.
  ///
  /// `make soak` counts how often that is. An ordinary user's runs know less of what the machine did meanwhile.
  private static func runAll(_ labs: [String], _ options: [String] = [], as user: Program.User = .root) throws
    -> Program.Outcome
  {
    let words = [Program.halfopen, "run", "--variant", "short"] + options
    let outcome = try Program.run(words + ["-j", "12"] + labs, as: user)
    let late = outcome.output.split(separator: "\n").filter { $0.hasPrefix("FAIL  ") }.map { line in
      String(line.dropFirst(6).prefix { $0 != " " && $0 != ":" })
    }
    #expect(late.count <= 1, "\(outcome.output)\(outcome.errors)")
    for name in Set(late).sorted() {
      let lab = try #require(labs.first { $0.hasSuffix("/\(name).lab") })
      let alone = try Program.run(words + [lab], as: user)
      #expect(alone.status == .exited(0), "\(alone.output)\(alone.errors)")
    }
    return outcome
  }

  @Test(arguments: Program.User.possible)
  func everyLabPassesInItsQuickVariant(user: Program.User) throws {
    let labs = try Self.copyOfLabs()
    #expect(labs.count >= 100)
    let outcome = try Self.runAll(labs, as: user)
    #expect(outcome.output.contains(" of \(labs.count) labs passed"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func everyLabPassesOverIPv6ButThoseThatSayWhyTheyCannot() throws {
    let labs = try Self.copyOfLabs()
    let onlyIPv4 = try labs.filter { String(decoding: try FileIO.contents(of: $0), as: UTF8.self).contains("\nonly ") }
    let outcome = try Self.runAll(labs, ["--ipv6"])
    let reasons = outcome.errors.split(separator: "\n").filter { $0.contains("it runs over IPv4 only: ") }
    #expect(reasons.count == onlyIPv4.count)
    // Programs that know no IPv6, or have to be told, and what the kernel does otherwise: no more than a few.
    #expect((5...20).contains(onlyIPv4.count))
    let count = labs.count - onlyIPv4.count
    #expect(outcome.output.contains(" of \(count) labs passed"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func aLabAboutIPv4IsRefusedOverIPv6() throws {
    let lab = "\(Program.repository)/labs/peers/nc-traditional-warmup.lab"
    let outcome = try Program.run([Program.halfopen, "run", "--ipv6", lab])
    #expect(outcome.status == .exited(2))
    #expect(outcome.errors.contains("this lab runs over IPv4 only: this netcat knows no IPv6"))
  }

  @Test(arguments: ["connecting/icmp-connecting", "sending/icmp-established"])
  func everyICMPErrorHasItsErrno(lab: String) throws {
    let path = "\(Program.repository)/labs/\(lab).lab"
    for family in [[], ["--ipv6"]] {
      // ICMPv6 has no protocol unreachable.
      let variants = family.isEmpty ? ["net", "proto", "port", "admin"] : ["net", "port", "admin"]
      let labs = variants.map { path + ":" + $0 }
      let outcome = try Program.run([Program.halfopen, "run", "-j", "4"] + family + labs)
      #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test(arguments: Program.User.possible)
  func theUserTimeoutEndsAConnectionWhenTheModelSays(user: Program.User) throws {
    let path = try Program.write(Self.short, "short-\(user)")
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl", path], as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    let verdicts = Self.verdicts(in: SavedTimeline(bytes: outcome.output.utf8).events)
    let death = try #require(verdicts.first { $0.text.contains("ETIMEDOUT") })
    let after = try #require(death.after)
    let predicted = try #require(death.predicted)
    // The issue of the figures is 50 ms; the wheel's own window at HZ 250 is 32 ms wide.
    #expect(after >= (predicted.earliest ?? .zero) - .milliseconds(20))
    #expect(after <= (predicted.latest ?? .zero) + .milliseconds(50))
  }

  @Test func labsSideBySideHaveTheSameAddressesAndDoNotMeet() throws {
    let paths = try (1...4).map { try Program.write(Self.short, "side-\($0)") }
    let outcome = try Program.run(
      [Program.halfopen, "run", "-j", "4", "--format", "jsonl"] + paths
    )
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    let runs = SavedTimeline(bytes: outcome.output.utf8).runs
    #expect(runs.count == 4)
    for run in runs {
      let remotes = run.compactMap {
        if case .socket(let sample) = $0.body, $0.host == "kang" { sample.remote } else { nil }
      }
      #expect(Set(remotes) == ["10.88.2.20:8080"])
      #expect(
        run.allSatisfy {
          if case .socket(let sample) = $0.body { sample.state != .listen || $0.host == "kodos" } else { true }
        }
      )
    }
  }

  /// A lab of less than a second with a variant.
  private static let varied = """
    title     A variant
    parameter count = 6
    variant   long: count=12
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang: dnc kodos 8080
    start     server
    wait      kodos listens on 8080
    start     client
    wait      client prints "connected"
    client    types $count bytes
    expect    client write returns $count

    """

  @Test func aVariantIsRunByItsNameAndDrawnAgainFromItsTimeline() throws {
    let path = try Program.write(Self.varied, "varied")
    let timeline = "\(Program.folder)/varied.jsonl"
    let run = try Program.run([Program.halfopen, "run", "--ipv6", "--timeline", timeline, path + ":long"])
    #expect(run.status == .exited(0), "\(run.output)\(run.errors)")
    #expect(run.output.contains("varied:long: A variant") && run.output.contains("lan over IPv6: kang fd10:"))
    #expect(run.output.contains("expect client write returns 12") || run.output.contains("client write returns 12"))
    #expect(try Program.run([Program.halfopen, "report", timeline]).output == run.output)
    let named = try Program.run([Program.halfopen, "run", "--variant", "long", path])
    #expect(named.output.contains("PASS  varied:long"))
    let both = try Program.run([Program.halfopen, "run", "--variants", "-j", "2", path])
    #expect(both.output.contains("2 of 2 labs passed"), "\(both.output)")
    let unknown = try Program.run([Program.halfopen, "run", path + ":lang"])
    #expect(unknown.status == .exited(2) && unknown.errors.contains("did you mean 'long'?"))
  }

  /// What a middle box drops dies there, with the statement that says so; and what is behind a NAT is told apart.
  @Test(arguments: Program.User.possible)
  func aPacketThatDiesInAMiddleBoxIsExplained(user: Program.User) throws {
    let text = """
      title     A firewall restarts
      network   routed
      middlebox nat for kang idle 100s then drop
      peer      server on kodos: dnc -l -p 8080
      peer      client on kang: dnc --user-timeout 500ms kodos 8080
      start     server
      wait      kodos listens on 8080
      start     client
      wait      client prints "connected"
      client    types "one"
      expect    server read returns 4
      forget    flows
      client    types "two"
      expect    client read fails ETIMEDOUT as predicted

      """
    let path = try Program.write(text, "box-\(user)")
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl", path], as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    let packets = SavedTimeline(bytes: outcome.output.utf8).events.compactMap { event -> PacketSample? in
      guard event.host == "kang", case .packet(let sample) = event.body, sample.direction == .out else { return nil }
      return sample
    }
    let arrived = packets.filter { $0.fate == .arrived && $0.carried == "TCP" }
    #expect(arrived.contains { $0.length == 4 }, "the data that came through the NAT is told to have arrived")
    let lost = packets.filter { $0.fate == .lost }
    #expect(lost.count >= 2)
    #expect(lost.allSatisfy { $0.line == 3 && $0.cause?.contains("in the middle box") == true })
  }

  @Test func aReportDrawnFromTheTimelineIsWhatTheRunPrinted() throws {
    let path = try Program.write(Self.short, "redrawn")
    let timeline = "\(Program.folder)/redrawn.jsonl"
    let run = try Program.run([Program.halfopen, "run", "--timeline", timeline, path])
    let report = try Program.run([Program.halfopen, "report", timeline])
    #expect(report.output == run.output)
    #expect(report.status == .exited(0))
  }

  @Test func anExpectationThatFailsIsExplainedAndGivesStatus1() throws {
    let text = Self.short.replacing("client exits 1", with: "client exits 0")
    let outcome = try Program.run([Program.halfopen, "run", try Program.write(text, "failing")])
    #expect(outcome.status == .exited(1))
    #expect(outcome.output.contains("FAILED"))
    #expect(outcome.output.contains("FAIL  failing: 3 of 4 expectations held"))
  }

  @Test func aWaitInVainStopsTheLab() throws {
    let text = Self.short.replacing(
      "wait      client prints \"connected\"",
      with: "wait client prints \"never\" within 1s"
    )
    let outcome = try Program.run([Program.halfopen, "run", try Program.write(text, "in-vain")])
    #expect(outcome.status == .exited(1))
    #expect(outcome.output.contains("did not come about"))
  }

  @Test func aMissingProgramGivesStatus3AndItsName() throws {
    let text = Self.short.replacing("dnc -l -p 8080", with: "no-such-program -l")
      .replacing("wait      kodos listens on 8080\n", with: "")
    let outcome = try Program.run([Program.halfopen, "run", try Program.write(text, "missing")])
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("the program 'no-such-program' is not installed, or not in PATH"))
  }

  @Test func aFullDiskStopsTheRunWithItsReason() throws {
    let path = try Program.write(Self.short, "full-disk")
    let outcome = try Program.run([Program.halfopen, "run", "--timeline", "/dev/full", path])
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("/dev/full: No space left on device (ENOSPC)"))
  }

  @Test func aBrokenLabIsRefusedBeforeAnythingIsMade() throws {
    let path = try Program.write(Self.short.replacing("power off kodos", with: "power of kodos"), "broken")
    let outcome = try Program.run([Program.halfopen, "run", "--show-commands", path])
    #expect(outcome.status == .exited(2))
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("broken.lab:11:"))
  }

  @Test func everyBrokenLabIsRefusedWithStatus2() throws {
    let folder = "\(Program.repository)/labs/broken"
    for name in try FileIO.names(in: folder) where name.hasSuffix(".lab") {
      let outcome = try Program.run([Program.halfopen, "run", "\(folder)/\(name)"])
      #expect(outcome.status == .exited(2), "\(name)")
      #expect(outcome.output == "", "\(name)")
    }
  }

  @Test(arguments: Program.User.possible)
  func theDoctorFindsThatLabsRunHere(user: Program.User) throws {
    let outcome = try Program.run([Program.halfopen, "doctor"], as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)")
    #expect(outcome.output.contains("Every lab can run here."))
  }
}
