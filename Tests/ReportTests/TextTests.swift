import Report
import Testing

/// The whole report of one run, as a person sees it.
@Suite struct TextTests {
  @Test func theStoryFitsOnOneScreen() {
    #expect(Example.run.text(TextOptions(width: 100)) == story)
  }

  @Test func aNarrowPageLosesNoLineAndDetailsShowTimersPollsAndReasons() {
    #expect(Example.run.text(TextOptions(width: 60, verbosity: .details)) == narrow)
  }

  private let story = """
    poweroff: Puzzler 2: power off

      What happens if one endpoint of a TCP connection is powered off for a while?
      Does the other endpoint ever discover this? If so, how? And when?

      network  routed: kang 10.88.1.10, kodos 10.88.2.20
      peer     server on kodos: dnc -l -p 8080
      peer     client on kang: dnc kodos 8080
      with     tcp_retries2=5, the lab's own value is 15
      sysctl   net.ipv4.tcp_retries2=5
      kernel   Linux 6.18.44, HZ 250; times are seconds of CLOCK_MONOTONIC

         0.001  server  starts: dnc -l -p 8080
         0.003  kodos   LISTEN  0.0.0.0:8080
         0.004  client  starts: dnc kodos 8080
         0.006  client  connect(socket) = 0
         0.006  kang    ESTABLISHED  10.88.1.10:33226 to 10.88.2.20:8080
         0.006  client  ! connected
         1.012  kodos   === power off kodos ===
         2.012  client  types "kodos, are you there?"
         2.012  client  write(socket) = 22
        15.402  kang    ESTABLISHED -> gone  :33226 to :8080, after 6 retransmissions
        15.402  client  read(socket) = -1 ETIMEDOUT (Connection timed out)
        15.403  client  exits 1

      expected                  measured            predicted           published              verdict
      --------------------------------------------------------------------------------------------------
      client write returns 22   returned 22 after   -                   -                      held
                                300us
      client read fails         ETIMEDOUT after     ETIMEDOUT, 13s to   client read fails      held
      ETIMEDOUT as predicted    13.390s             13.900s, 6          ETIMEDOUT after 5m11s
                                                    retransmissions     (illumos, TCP
                                                    (tcp_retries2)      puzzlers); here
                                                                        4m57.610s earlier
      kang retransmits as       6 retransmissions   6 retransmissions   -                      held
      predicted                                     (tcp_retries2)

    What ended the connections
      - kang 10.88.1.10:33226 to 10.88.2.20:8080 ended in ESTABLISHED, 15.402s from the beginning: 6
        retransmissions unanswered (tcp_retries2 or TCP_USER_TIMEOUT); read failed with ETIMEDOUT

    Answer
      The write succeeds: the kernel took the bytes, and that is all it says. Then the kernel sends them
      again and again, and when tcp_retries2 is used up the next call is told ETIMEDOUT.

    PASS  poweroff: 3 of 3 expectations held, in 15.404s (measured with CLOCK_MONOTONIC on Linux
    6.18.44, HZ 250)

    """

  private let narrow = """
    poweroff: Puzzler 2: power off

      What happens if one endpoint of a TCP connection is
      powered off for a while?
      Does the other endpoint ever discover this? If so, how?
      And when?

      network  routed: kang 10.88.1.10, kodos 10.88.2.20
      peer     server on kodos: dnc -l -p 8080
      peer     client on kang: dnc kodos 8080
      with     tcp_retries2=5, the lab's own value is 15
      sysctl   net.ipv4.tcp_retries2=5
      kernel   Linux 6.18.44, HZ 250; times are seconds of
               CLOCK_MONOTONIC

         0.001  server  starts: dnc -l -p 8080 (process 101)
         0.003  kodos   LISTEN  0.0.0.0:8080
         0.004  client  starts: dnc kodos 8080 (process 102)
         0.005          line 9: wait client prints "connected"
         0.006  client  connect(socket) = 0
         0.006  kang    ESTABLISHED  10.88.1.10:33226 to
                        10.88.2.20:8080
         0.006  client  ! connected
         1.006          line 10: after 1s power off kodos
         1.012  kodos   === power off kodos ===
         2.012          line 11: after 1s client types "kodos,
                        are you there?"
         2.012  client  types "kodos, are you there?"
         2.012  client  poll(POLLIN) = 1
         2.012  client  read(stdin) = 22
         2.012  client  write(socket) = 22
         2.012          line 12: expect client write returns 22
         2.013          line 13: expect client read fails
                        ETIMEDOUT as predicted
         2.217  kang    ESTABLISHED  :33226 to :8080
                        unacknowledged, next in 204ms
         2.421  kang    ESTABLISHED  :33226 to :8080
                        retransmission 1, next in 408ms
         2.829  kang    ESTABLISHED  :33226 to :8080
                        retransmission 2, next in 816ms
         3.645  kang    ESTABLISHED  :33226 to :8080
                        retransmission 3, next in 1.632s
         5.277  kang    ESTABLISHED  :33226 to :8080
                        retransmission 4, next in 3.264s
         8.541  kang    ESTABLISHED  :33226 to :8080
                        retransmission 5, next in 6.528s
        15.069  kang    ESTABLISHED  :33226 to :8080
                        retransmission 6, next in 13.056s
        15.402  kang    ESTABLISHED -> gone  :33226 to :8080,
                        after 6 retransmissions
        15.402  client  read(socket) = -1 ETIMEDOUT (Connection
                        timed out)
        15.402          line 14: expect kang retransmits as
                        predicted
        15.403  client  exits 1
        15.404          the end

      held         client write returns 22
        measured   returned 22 after 300us
      held         client read fails ETIMEDOUT as predicted
        measured   ETIMEDOUT after 13.390s
        predicted  ETIMEDOUT, 13s to 13.900s, 6 retransmissions
                   (tcp_retries2)
        published  client read fails ETIMEDOUT after 5m11s
                   (illumos, TCP puzzlers); here 4m57.610s
                   earlier
      held         kang retransmits as predicted
        measured   6 retransmissions
        predicted  6 retransmissions (tcp_retries2)

    Why
      - line 12: expected within 5s after line 11, client types
        "kodos, are you there?" (the usual limit where a script
        names none); it came after 300us
      - line 13: expected between 13s and 13.900s (give or take
        20ms) after line 11, client types "kodos, are you
        there?" (predicted for tcp_retries2: the first
        retransmission timer after 12.600s of retransmitting;
        the tolerance is what the observer may be off); it came
        after 13.390s
      - line 14: expected 6 retransmissions after line 11,
        client types "kodos, are you there?", until the next
        deed or the end of the run; 6 retransmissions seen, the
        last after 13.057s

    What ended the connections
      - kang 10.88.1.10:33226 to 10.88.2.20:8080 ended in
        ESTABLISHED, 15.402s from the beginning: 6
        retransmissions unanswered (tcp_retries2 or
        TCP_USER_TIMEOUT); read failed with ETIMEDOUT

    Answer
      The write succeeds: the kernel took the bytes, and that is
      all it says. Then the kernel sends them again and again,
      and when tcp_retries2 is used up the next call is told
      ETIMEDOUT.

    PASS  poweroff: 3 of 3 expectations held, in 15.404s
    (measured with CLOCK_MONOTONIC on Linux 6.18.44, HZ 250)

    """
}
