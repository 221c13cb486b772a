import Testing
import Timeline

@Suite struct MomentTests {
  @Test(arguments: [
    (5, 3, 2), (3, 5, -2), (Int64.max, -1, .max), (.min, 1, .min), (.min, .max, .min), (.max, .min, .max),
    (0, .min, .max),
  ])
  func differencesAreSaturated(end: Int64, start: Int64, difference: Int64) {
    #expect(Moment(nanoseconds: end) - Moment(nanoseconds: start) == .nanoseconds(difference))
  }

  @Test(
    arguments: [
      (5, .nanoseconds(3), 8), (.max, .nanoseconds(1), .max), (.min, .nanoseconds(-1), .min),
      (0, .seconds(Int64.max), .max),
      (1, .seconds(-Int64.max), .min + 1),
    ] as [(Int64, Duration, Int64)]
  )
  func sumsAreSaturated(start: Int64, length: Duration, end: Int64) {
    #expect(Moment(nanoseconds: start) + length == Moment(nanoseconds: end))
  }
}

@Suite struct SocketTableTests {
  private static func change(_ port: Int, _ to: TCPState) -> Event {
    let change = StateChange(local: "a:\(port)", remote: "b:80", from: .closed, to: to)
    return Event(time: .zero, host: "kang", body: .stateChange(change))
  }

  @Test func aTracedSocketIsTheOneThatASampleShowsLater() {
    var table = SocketTable()
    #expect(table.apply(SocketTableTests.change(1, .synSent)) == nil)
    #expect(table.apply(SocketTableTests.change(2, .synSent)) == nil)
    #expect(table.apply(SocketTableTests.change(1, .established))?.sample.state == .synSent)
    let sample = SocketSample(cookie: 7, local: "a:1", remote: "b:80", state: .established, sendQueue: 5)
    #expect(table.apply(Event(time: .zero, host: "kang", body: .socket(sample)))?.sample.cookie == 0)
    #expect(table.apply(SocketTableTests.change(1, .closed)) == nil)
    #expect(table.entries.map(\.sample.state) == [.established, .synSent])
    #expect(table.entries[0].sample.sendQueue == 5)
    #expect(table.apply(Event(time: .zero, host: "kodos", body: .socketGone(sample))) == nil)
    #expect(table.apply(Event(time: .zero, host: "kang", body: .socketGone(sample)))?.sample.cookie == 7)
    #expect(table.apply(SocketTableTests.change(2, .established))?.sample.state == .synSent)
    #expect(table.entries.map(\.sample.local) == ["a:2"])
  }

  @Test func tenThousandSocketsKeepTheirPlaces() {
    var table = SocketTable()
    for port in 0..<10_000 { table.apply(SocketTableTests.change(port, .synSent)) }
    for port in 0..<10_000 { table.apply(SocketTableTests.change(port, .established)) }
    #expect(table.entries.count == 10_000)
    #expect(table.entries.allSatisfy { $0.sample.state == .established })
  }

  private func event(_ time: Int64, _ cookie: Int64, _ state: TCPState, gone: Bool = false, host: String? = "kang")
    -> Event
  {
    let sample = SocketSample(cookie: cookie, local: "10.0.0.1:5", remote: "[fd00::1]:80", state: state)
    return Event(time: Moment(nanoseconds: time), host: host, body: gone ? .socketGone(sample) : .socket(sample))
  }

  @Test func theTableHoldsTheLastSampleOfEachSocket() {
    var table = SocketTable()
    #expect(table.apply(event(1, 1, .synSent)) == nil)
    #expect(table.apply(event(2, 1, .established))?.sample.state == .synSent)
    #expect(table.apply(event(3, 1, .listen, host: "kodos")) == nil)
    #expect(table.entries.map(\.sample.state) == [.established, .listen])
    #expect(table.apply(Event(time: .zero, body: .note("x"))) == nil)
    #expect(table.apply(event(4, 1, .established, gone: true))?.time == Moment(nanoseconds: 2))
    #expect(table.apply(event(5, 1, .established, gone: true)) == nil)
    #expect(table.entries.map(\.host) == ["kodos"])
  }

  @Test(arguments: [(nil, true), (5, true), (80, true), (8, false)] as [(Int?, Bool)])
  func aSocketHasThePortsOfBothItsEnds(port: Int?, has: Bool) {
    #expect(
      SocketSample(cookie: 1, local: "10.0.0.1:5", remote: "[fd00::1]:80", state: .established).has(port: port) == has
    )
  }
}
