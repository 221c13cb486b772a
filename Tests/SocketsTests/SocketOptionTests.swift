import Sockets
import Testing

@Suite struct SocketOptionTests {
  /// Sets an option and returns what the kernel then has.
  func kept<Value>(_ option: SocketOption<Value>, _ value: Value) throws -> Value {
    let socket = try TCPSocket(.ipv4)
    try socket.set(option, to: value)
    return try socket.get(option)
  }

  @Test func flagsAreKept() throws {
    #expect(try kept(.keepAlive, true))
    #expect(try kept(.reuseAddress, true))
    #expect(try kept(.noDelay, true))
    #expect(try !kept(.keepAlive, false))
    let socket = try TCPSocket(.ipv6)
    try socket.set(.onlyIPv6, to: true)
    #expect(try socket.get(.onlyIPv6))
  }

  @Test func timesAreKeptInTheKernelsOwnUnit() throws {
    #expect(try kept(.keepAliveIdle, .seconds(10)) == .seconds(10))
    #expect(try kept(.keepAliveIdle, .seconds(32767)) == .seconds(32767))
    #expect(try kept(.keepAliveInterval, .seconds(5)) == .seconds(5))
    #expect(try kept(.userTimeout, .milliseconds(1200)) == .milliseconds(1200))
    #expect(try kept(.userTimeout, .seconds(9)) == .seconds(9))
    #expect(try kept(.linger, .seconds(0)) == .seconds(0))
    #expect(try kept(.linger, .seconds(7)) == .seconds(7))
    #expect(try kept(.linger, nil) == nil)
  }

  @Test func countsAreKept() throws {
    #expect(try kept(.keepAliveCount, 127) == 127)
    #expect(try kept(.synRetries, 3) == 3)
  }

  @Test func theKernelTurnsADeferredAcceptIntoSynAcks() throws {
    #expect(try kept(.deferAccept, .seconds(10)) == .seconds(15))
    #expect(try kept(.deferAccept, .seconds(29767)) == .seconds(29767))
  }

  @Test func theKernelDoublesBufferSizes() throws {
    #expect(try kept(.sendBuffer, 8192) == 16384)
    #expect(try kept(.receiveBuffer, 8192) == 16384)
  }

  @Test(arguments: [
    (Duration.milliseconds(1200), OptionValueError.notWhole(.seconds)), (.zero, .outOfRange(1...32767, .seconds)),
    (.seconds(32768), .outOfRange(1...32767, .seconds)), (.seconds(-1), .outOfRange(1...32767, .seconds)),
    (.seconds(Int64.max), .outOfRange(1...32767, .seconds)),
  ])
  func aTimeThatWouldBeRoundedIsRefused(time: Duration, error: OptionValueError) {
    #expect(throws: error) { try SocketOption.keepAliveIdle.check(time) }
  }

  @Test func milliSecondsAreTheUserTimeoutsUnit() throws {
    let option = SocketOption.userTimeout
    #expect(throws: OptionValueError.notWhole(.milliseconds)) { try option.check(.microseconds(1500)) }
    #expect(throws: OptionValueError.outOfRange(0...2_147_483_647, .milliseconds)) {
      try option.check(.seconds(Int64.max))
    }
  }

  @Test func aRefusedValueNeverReachesTheKernel() throws {
    let socket = try TCPSocket(.ipv4)
    let error = #expect(throws: SystemError.self) { try socket.set(.keepAliveCount, to: 128) }
    #expect(error?.description == "setsockopt TCP_KEEPCNT: Invalid argument (EINVAL)")
  }
}
