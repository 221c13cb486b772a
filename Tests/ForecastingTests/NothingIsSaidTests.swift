import Forecasting
import Judge
import Testing
import Timeline
import TimerModel

/// Where a lab goes beyond what the forecaster knows, it says nothing rather than something doubtful.
@Suite struct NothingIsSaidTests {
  @Test(arguments: [
    // Nothing is wrong.
    "client types \"hello\"\nexpect client read fails",
    // Some packets are lost, others not.
    "drop from kang to kodos length 1401..65535\nclient types \"hello\"\nexpect client read fails",
    "drop the next 3 from kang to kodos\nclient types \"hello\"\nexpect client read fails",
    // The way was mended while data was under way.
    """
    drop everything between kang and kodos
    client types \"hello\"
    allow everything
    power off kodos
    expect client read fails
    """,
    // The answers are rejected, so that the other end is told.
    "reject from kodos to kang with tcp-reset\nclient types \"hello\"\nexpect client read fails",
    // No timer decides these.
    "client types \"hello\"\nexpect server read returns 6",
    "interrupt server\nexpect client prints \"end-of-stream\"",
  ])
  func here(steps: String) throws {
    #expect(try said(lab(steps)) == nil)
  }

  @Test func ofProgramsWhoseRoleIsUnknown() throws {
    let text = """
      title     Test
      network   routed
      peer      server on kodos: sh -c 'sleep 1'
      peer      client on kang: sh -c 'sleep 1'
      start     server
      start     client
      power off kodos
      client    types "hello"
      expect    client exits
      """
    #expect(try said(text) == nil)
  }

  @Test func ofAListenerThatMayBeFull() throws {
    let text = """
      title     Test
      peer      server on kodos: dnc --repl -l -p 8080 --backlog 0
      peer      first on kang: dnc kodos 8080
      peer      second on kang: dnc kodos 8080
      start     server
      server    types "listen"
      start     first
      start     second
      power off kodos
      expect    second connect fails
      """
    #expect(try said(text) == nil)
  }
}
