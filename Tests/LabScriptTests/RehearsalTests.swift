import LabScript
import Testing

/// What may follow what: sequences that are right have to be read, whatever the rehearsal thinks of others.
@Suite struct RehearsalTests {
  @Test(arguments: [
    // A host that comes back, and its peers with it.
    "power off kodos\npower on kodos\nstart server\nwait kodos listens on 8080",
    "power cycle kodos\nexpect kodos connection is gone\nstart server",
    "reboot kodos\nexpect server ends by SIGTERM\nexpect kodos connection is gone\nstart server",
    // A wire that heals, each way by itself, or with its host.
    "cut kodos\nrestore kodos\ncut into kodos\ncut out of kodos\nrestore kodos\nunplug kodos\nplug kodos",
    "cut kodos\npower cycle kodos\ncut kodos",
    "unplug kang\npower off kang\npower on kang\nunplug kang",
    // Signals, and starting again.
    "freeze client\nclient types \"x\"\nexpect client is told nothing for 5s\nthaw client\nexpect client read returns",
    "freeze client\nkill client\nexpect client ends by SIGKILL\nstart client",
    "interrupt client\nclient types \"x\"\nexpect client exits\nstart client",
    "kill server\nwait client exits\nexpect client read returns 0\nstart client",
    "kill server\nexpect client exits 0\nstart client",
    "client ends input\nexpect server read returns 0\nkill client\nstart client\nclient types \"x\"",
    // The same call twice, the same condition after another deed, and lengths that fit each other.
    "kill server\nexpect client read returns 0\nexpect client read returns 0",
    "kill server\nexpect client exits 0\nstart client\nexpect client exits 0",
    "client types \"x\"\nexpect client write returns 2\nexpect client is told nothing for 20s",
    "cut kodos\nexpect client is told nothing for 20s\nexpect client read fails between 30s and 40s",
    "cut kodos\nexpect kang connection stays ESTABLISHED for 20s\nexpect kang connection is gone between 30s and 40s",
    // Without a time of its own, an expectation counts from where it stands.
    "cut kodos\nexpect client is told nothing for 20s\nexpect client read fails ETIMEDOUT",
    "cut kodos\nexpect kang retransmits 3 times within 5s\nexpect kang retransmits 4 times within 9s",
    // Rules.
    "drop everything between kang and kodos\nallow everything\ndrop everything between kang and kodos",
    "drop the next packet from kang to kodos\ndrop the next packet from kang to kodos",
  ])
  func readsWhatCanBe(steps: String) throws {
    _ = try script(lab(steps))
  }

  @Test func tellsTheFirstOfSeveralMistakesThatFollowFromEachOther() {
    let said = mistakes(
      """
      title T
      peer server on kodos: dnc -l -p 8080
      client types "x"
      client types "y"
      strat server
      sart server
      power off kodos
      kill server
      kill server
      """
    )
    #expect(
      said == [
        "3:1: unknown peer 'client'", "5:1: unknown word 'strat'", "6:1: unknown word 'sart'",
        "8:6: 'server' gets no signal: it vanished when kodos lost its power in line 7",
        "9:6: 'server' gets no signal: it was killed in line 8",
      ]
    )
  }

  @Test func saysNothingOfWhatAStepThatCannotBeReadMayHaveChanged() {
    #expect(
      mistakes(
        """
        title T
        peer server on kodos: dnc -l -p 8080
        peer client on kang: dnc kodos 8080
        start server now
        expect server read returns 0
        start client
        thaw server
        thaw client
        """
      ) == ["4:14: 'now' is too much here", "8:6: 'client' is not frozen"]
    )
    #expect(
      mistakes(
        """
        title T
        peer server on kodos: dnc -l -p 8080
        frobnicate
        expect server read returns 0
        expect client read returns 0
        power on mars
        """
      ) == ["3:1: unknown word 'frobnicate'"]
    )
  }

  @Test func oneBrokenDeclarationIsOneMistake() {
    #expect(
      mistakes(
        """
        title T
        peer server at kodos: dnc -l -p 8080
        peer client on kang: dnc kodos 8080
        start server
        wait kodos listens on 8080
        start client
        power off kodos
        kill server
        expect kang connection is ESTABLISHED
        """
      ) == ["2:13: 'at' stands where 'on' should"]
    )
    #expect(
      mistakes(
        """
        title T
        parameter idle =
        network routed lan
        host kang at 10.88.1.1.1
        host kodos
        peer server on kodos: dnc -l -p 8080
        peer client on kang: dnc kodos 8080
        start server
        start client
        expect client is told nothing for $idle
        expect client is told nothing for ${idle}
        """
      ) == [
        "2:17: the value is missing", "3:16: 'lan' is too much here", "4:14: '10.88.1.1.1' is not an IPv4 address",
      ]
    )
  }
}
