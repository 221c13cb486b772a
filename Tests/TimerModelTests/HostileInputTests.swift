import Testing
import Timeline
import TimerModel

@Suite struct HostileInputTests {
  @Test(arguments: [
    (SocketOptions(keepalive: .init(count: 0)), "TCP_KEEPCNT cannot be 0: allowed is 1 to 127"),
    (SocketOptions(keepalive: .init(count: 128)), "TCP_KEEPCNT cannot be 128: allowed is 1 to 127"),
    (SocketOptions(keepalive: .init(idle: 0)), "TCP_KEEPIDLE cannot be 0 s: allowed is 1 to 32767 s"),
    (SocketOptions(keepalive: .init(interval: 32768)), "TCP_KEEPINTVL cannot be 32768 s: allowed is 1 to 32767 s"),
    (SocketOptions(userTimeout: -1), "TCP_USER_TIMEOUT cannot be -1 ms: allowed is 0 to 2147483647 ms"),
    (
      SocketOptions(userTimeout: 2_147_483_648),
      "TCP_USER_TIMEOUT cannot be 2147483648 ms: allowed is 0 to 2147483647 ms"
    ),
    (SocketOptions(synCount: 0), "TCP_SYNCNT cannot be 0: allowed is 1 to 127"),
  ])
  func optionsThatTheKernelRefusesGetTheRange(options: SocketOptions, message: String) {
    let error = #expect(throws: ModelError.self) { try Kernel().predict(.idle(.init()), options: options) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    ("tcp_retries2", "256", "tcp_retries2 cannot be 256: allowed is 0 to 255"),
    ("tcp_retries2", "many", "tcp_retries2 cannot be 'many': allowed is a number from 0 to 255"),
    ("net.ipv4.tcp_rto_max_ms", "999", "tcp_rto_max_ms cannot be 999 ms: allowed is 1000 to 120000 ms"),
    ("tcp_syn_retries", "-1", "tcp_syn_retries cannot be -1: allowed is 1 to 127"),
  ])
  func settingsThatTheKernelRefusesGetTheRange(name: String, value: String, message: String) {
    var kernel = Kernel()
    let error = #expect(throws: ModelError.self) { try kernel.set(name: name, to: value) }
    #expect(error?.description == message)
  }

  @Test func anUnknownSettingGetsTheKnownOnes() {
    var kernel = Kernel()
    let error = #expect(throws: ModelError.self) { try kernel.set(name: "tcp_retires2", to: "1") }
    #expect(error?.allowed.contains("tcp_retries2") == true)
  }

  @Test func whatAKernelLacksIsRefused() {
    var kernel = Kernel(version: KernelVersion(6, 1))
    let error = #expect(throws: ModelError.self) { try kernel.set(.synLinearTimeouts, to: 4) }
    #expect(error?.allowed == "Linux 6.5 or later, where it came")
    var options = SocketOptions()
    options.rtoMax = 2000
    #expect(throws: ModelError.self) { try kernel.predict(.sending(.init()), options: options) }
  }

  @Test(arguments: ["", "6", "six.one", "2.4.18", "99999999999999999999.1", "6.x"])
  func otherKernelVersionsAreRefused(release: String) {
    #expect(throws: ModelError.self) { try KernelVersion(release: release) }
  }

  @Test(arguments: [
    ("6.18.44-cloud-amd64", KernelVersion(6, 18)), ("6.1", KernelVersion(6, 1)), ("7.3-rc1", KernelVersion(7, 3)),
  ])
  func aReleaseBeginsWithTheVersion(release: String, version: KernelVersion) throws {
    #expect(try KernelVersion(release: release) == version)
  }

  @Test(arguments: TickRate.allCases)
  func theLargestValuesNeitherOverflowNorLoop(rate: TickRate) throws {
    let most = Int(Int32.max)
    let kernel = try Kernel(hz: rate, settings: [.retries2: 255, .rtoMax: 1000, .keepaliveTime: 2_147_483])
    let data = try kernel.predict(.sending(.init()), options: SocketOptions(userTimeout: most))
    #expect(data.end?.limit == .userTimeout)
    #expect((data.end?.earliest ?? .zero) > .milliseconds(most))
    #expect((data.end?.latest ?? .zero) < .milliseconds(most) + .seconds(200))
    let probes = try kernel.predict(
      .idle(.init()),
      options: SocketOptions(keepalive: .init(idle: 1, interval: 1), userTimeout: most)
    )
    #expect((probes.end?.latest ?? .zero) < .milliseconds(most) + .seconds(200))
    let window = try kernel.predict(.zeroWindow(.init(answered: true)), options: SocketOptions(userTimeout: most))
    #expect(window.end?.limit == .userTimeout)
    let connecting = try kernel.predict(.connecting, options: SocketOptions(userTimeout: most, synCount: 127))
    #expect(connecting.end != nil)
    let longest = try kernel.predict(
      .idle(.init()),
      options: SocketOptions(keepalive: .init(idle: 1, interval: 32767, count: 127))
    )
    #expect((longest.end?.earliest ?? .zero) > .seconds(127 * 32767))
    #expect(try kernel.predict(.idle(.init()), options: SocketOptions(keepalive: .init())).end != nil)
    #expect(try kernel.predict(.synReceived(acknowledged: false)).end != nil)
  }

  @Test func manyRetriesAreAllRun() throws {
    let prediction = try Kernel(settings: [.retries2: 255]).predict(.sending(.init()))
    #expect(Rounded(29816.5, 29818.6, digits: 1).agrees(with: prediction.end?.window))
  }

  @Test func aRoundTripThatNoPathHasIsRefused() {
    #expect(throws: ModelError.self) { try Kernel().predict(.connecting, path: Path(roundTrip: .seconds(121))) }
    #expect(throws: ModelError.self) { try Kernel().predict(.connecting, path: Path(roundTrip: .seconds(-1))) }
    var path = Path()
    path.rto = .zero
    #expect(throws: ModelError.self) { try Kernel().predict(.connecting, path: path) }
  }

  @Test func retriesOfZeroGiveUpAtOnce() throws {
    let prediction = try Kernel(settings: [.retries2: 0]).predict(.sending(.init()))
    #expect(prediction.retransmissions == 1...1)
    #expect(prediction.end?.limit == .retries2)
  }
}
