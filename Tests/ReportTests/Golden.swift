/// The full texts that the formats' tests compare with.
///
/// `xmllint --schema` accepts the JUnit texts by Jenkins' and Windy Road's schemas, `prove` the TAP ones.
enum Golden {
  static let tap = ##"""
    TAP version 13
    1..8
    ok 1 - poweroff line 12: expect client write returns 22 (returned 22 after 300us)
    ok 2 - poweroff line 13: expect client read fails ETIMEDOUT as predicted (ETIMEDOUT after 13.390s)
    ok 3 - poweroff line 14: expect kang retransmits as predicted (6 retransmissions)
    ok 4 - poweroff: the lab ran to its end
    ok 5 - poweroff line 12: expect client write returns 22 (returned 22 after 300us)
    not ok 6 - poweroff line 13: expect client read fails ETIMEDOUT as predicted (read: ECONNRESET after 100ms)
      ---
      message: "expected between 13s and 13.900s (give or take 20ms) after line 11, client types \"kodos, are you there?\" (predicted for tcp_retries2: the first retransmission timer after 12.600s of retransmitting; the tolerance is what the observer may be off); it did not come about in the 101ms that were watched: read: ECONNRESET after 100ms"
      severity: "fail"
      measured: "read: ECONNRESET after 100ms"
      predicted: "ETIMEDOUT, 13s to 13.900s, 6 retransmissions (tcp_retries2)"
      published: "client read fails ETIMEDOUT after 5m11s (illumos, TCP puzzlers)"
      ...
    not ok 7 - poweroff line 14: expect kang retransmits as predicted
      ---
      message: "the lab was stopped before it could be seen: interrupted by SIGINT"
      severity: "error"
      predicted: "6 retransmissions (tcp_retries2)"
      ...
    not ok 8 - poweroff: the lab ran to its end
      ---
      message: "the lab was stopped: interrupted by SIGINT"
      severity: "error"
      ...
    # PASS  poweroff: 3 of 3 expectations held, in 15.404s (measured with CLOCK_MONOTONIC on Linux 6.18.44, HZ 250)
    # FAIL  poweroff: 1 of 3 expectations held, in 2.113s (measured with CLOCK_MONOTONIC on Linux 6.18.44, HZ 250)

    """##

  static let table = ##"""

      expected              measured         predicted        published          verdict
      ----------------------------------------------------------------------------------------
      client write returns  returned 22      -                -                  held
      22                    after 300us
      client read fails     read:            ETIMEDOUT, 13s   client read fails  FAILED
      ETIMEDOUT as          ECONNRESET       to 13.900s, 6    ETIMEDOUT after
      predicted             after 100ms      retransmissions  5m11s (illumos,
                                             (tcp_retries2)   TCP puzzlers)
      kang retransmits as   -                6                -                  not reached
      predicted                              retransmissions
                                             (tcp_retries2)

    Why
      - line 13: expected between 13s and 13.900s (give or take 20ms) after line 11, client
        types "kodos, are you there?" (predicted for tcp_retries2: the first retransmission
        timer after 12.600s of retransmitting; the tolerance is what the observer may be off);
        it did not come about in the 101ms that were watched: read: ECONNRESET after 100ms
      - line 14: the lab was stopped before it could be seen: interrupted by SIGINT

    What went wrong
      - the lab was stopped: interrupted by SIGINT

    What ended the connections
      - kang 10.88.1.10:33226 to 10.88.2.20:8080 ended in ESTABLISHED, 2.112s from the
        beginning: an RST came; read failed with ECONNRESET

    Answer
      The write succeeds: the kernel took the bytes, and that is all it says. Then the kernel
      sends them again and again, and when tcp_retries2 is used up the next call is told
      ETIMEDOUT.

    FAIL  poweroff: 1 of 3 expectations held, in 2.113s (measured with CLOCK_MONOTONIC on
    Linux 6.18.44, HZ 250)

    """##

  static let hostileTAP = ##"""
    TAP version 13
    1..2
    not ok 1 - a<b>&"'\#\\]]>\\x1b[2J\\x00\\u{fffe} line 1: a<b>&"'\#\\]]>\\x1b[2J\\x00\\u{fffe} \# TODO (a<b>&"'\#\\]]>\\x1b[2J\\x00\\u{fffe}\\n)
      ---
      message: "a<b>&\"'#\\]]>\\x1b[2J\\x00\\u{fffe}"
      severity: "fail"
      measured: "a<b>&\"'#\\]]>\\x1b[2J\\x00\\u{fffe}\\n"
      published: "a<b>&\"'#\\]]>\\x1b[2J\\x00\\u{fffe}"
      ...
    not ok 2 - a<b>&"'\#\\]]>\\x1b[2J\\x00\\u{fffe}: the lab ran to its end
      ---
      message: "a<b>&\"'#\\]]>\\x1b[2J\\x00\\u{fffe}"
      severity: "error"
      ...
    # FAIL  a<b>&"'\#\\]]>\\x1b[2J\\x00\\u{fffe}: 0 of 1 expectations held, in 2ms (the timeline does not say with which clock and on which kernel)

    """##

  static let hostileJUnit = ##"""
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite id="0" package="halfopen" name="a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}" hostname="localhost" timestamp="1970-01-01T00:00:00" tests="2" failures="1" errors="1" skipped="0" time="0.002">
        <properties>
        </properties>
        <testcase classname="halfopen.a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}" name="line 1: a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe} # TODO" time="0.000">
          <failure type="failed" message="a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}">a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}
    measured: a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}\n
    published: a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}</failure>
        </testcase>
        <testcase classname="halfopen.a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}" name="the lab ran to its end" time="0.002">
          <error type="problem" message="a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}">a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}</error>
        </testcase>
        <system-out>     0.001  client  | a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}

      expected                              measured                    predicted  published                        verdict
      ----------------------------------------------------------------------------------------------------------------------
      a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe} #     a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{  -          a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}  FAILED
      TODO                                  fffe}\n

    Why
      - line 1: a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}

    What went wrong
      - a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}

    What ended the connections
      - a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}

    FAIL  a&lt;b&gt;&amp;&quot;'#\]]&gt;\x1b[2J\x00\u{fffe}: 0 of 1 expectations held, in 2ms (the timeline does not say with which clock and
    on which kernel)
    </system-out>
        <system-err/>
      </testsuite>
    </testsuites>

    """##

  static let junit = ##"""
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite id="0" package="halfopen" name="poweroff" hostname="localhost" timestamp="2016-05-27T21:43:19" tests="4" failures="1" errors="2" skipped="0" time="2.113">
        <properties>
          <property name="kernel" value="6.18.44"/>
          <property name="hz" value="250"/>
          <property name="clock" value="CLOCK_MONOTONIC"/>
          <property name="path" value="labs/poweroff.lab"/>
          <property name="parameter.tcp_retries2" value="5"/>
        </properties>
        <testcase classname="halfopen.poweroff" name="line 12: expect client write returns 22" time="0.000"/>
        <testcase classname="halfopen.poweroff" name="line 13: expect client read fails ETIMEDOUT as predicted" time="0.100">
          <failure type="failed" message="expected between 13s and 13.900s (give or take 20ms) after line 11, client types &quot;kodos, are you there?&quot; (predicted for tcp_retries2: the first retransmission timer after 12.600s of retransmitting; the tolerance is what the observer may be off); it did not come about in the 101ms that were watched: read: ECONNRESET after 100ms">expected between 13s and 13.900s (give or take 20ms) after line 11, client types &quot;kodos, are you there?&quot; (predicted for tcp_retries2: the first retransmission timer after 12.600s of retransmitting; the tolerance is what the observer may be off); it did not come about in the 101ms that were watched: read: ECONNRESET after 100ms
    measured: read: ECONNRESET after 100ms
    predicted: ETIMEDOUT, 13s to 13.900s, 6 retransmissions (tcp_retries2)
    published: client read fails ETIMEDOUT after 5m11s (illumos, TCP puzzlers)</failure>
        </testcase>
        <testcase classname="halfopen.poweroff" name="line 14: expect kang retransmits as predicted" time="0.000">
          <error type="not-reached" message="the lab was stopped before it could be seen: interrupted by SIGINT">the lab was stopped before it could be seen: interrupted by SIGINT
    predicted: 6 retransmissions (tcp_retries2)</error>
        </testcase>
        <testcase classname="halfopen.poweroff" name="the lab ran to its end" time="2.113">
          <error type="problem" message="the lab was stopped: interrupted by SIGINT">the lab was stopped: interrupted by SIGINT</error>
        </testcase>
        <system-out>poweroff: Puzzler 2: power off

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
         2.012  client  types &quot;kodos, are you there?&quot;
         2.012  client  write(socket) = 22
         2.112  kang    ESTABLISHED -&gt; gone  :33226 to :8080
         2.112  client  read(socket) = -1 ECONNRESET (Connection reset by peer)
         2.113          the lab was stopped: interrupted by SIGINT

      expected                       measured               predicted              published                  verdict
      ----------------------------------------------------------------------------------------------------------------------
      client write returns 22        returned 22 after      -                      -                          held
                                     300us
      client read fails ETIMEDOUT    read: ECONNRESET       ETIMEDOUT, 13s to      client read fails          FAILED
      as predicted                   after 100ms            13.900s, 6             ETIMEDOUT after 5m11s
                                                            retransmissions        (illumos, TCP puzzlers)
                                                            (tcp_retries2)
      kang retransmits as predicted  -                      6 retransmissions      -                          not reached
                                                            (tcp_retries2)

    Why
      - line 13: expected between 13s and 13.900s (give or take 20ms) after line 11, client types &quot;kodos, are you there?&quot;
        (predicted for tcp_retries2: the first retransmission timer after 12.600s of retransmitting; the tolerance is what
        the observer may be off); it did not come about in the 101ms that were watched: read: ECONNRESET after 100ms
      - line 14: the lab was stopped before it could be seen: interrupted by SIGINT

    What went wrong
      - the lab was stopped: interrupted by SIGINT

    What ended the connections
      - kang 10.88.1.10:33226 to 10.88.2.20:8080 ended in ESTABLISHED, 2.112s from the beginning: an RST came; read failed
        with ECONNRESET

    Answer
      The write succeeds: the kernel took the bytes, and that is all it says. Then the kernel sends them again and again,
      and when tcp_retries2 is used up the next call is told ETIMEDOUT.

    FAIL  poweroff: 1 of 3 expectations held, in 2.113s (measured with CLOCK_MONOTONIC on Linux 6.18.44, HZ 250)
    </system-out>
        <system-err/>
      </testsuite>
    </testsuites>

    """##

  static let summary = """
      lab       what each side was told         predicted               published           time
      --------------------------------------------------------------------------------------------------
      poweroff  client: ETIMEDOUT after         13s to 13.900s, 6       ETIMEDOUT after     15s   PASS
                13.390s                         retransmissions         5m11s
                                                (tcp_retries2)
      poweroff  client: read: ECONNRESET after  13s to 13.900s, 6       ETIMEDOUT after     2.1s  FAIL
                100ms                           retransmissions         5m11s
                                                (tcp_retries2)

    1 of 2 labs passed

    """

  static let narrowSummary = """
      PASS  poweroff  15s
            client: ETIMEDOUT after 13.390s; predicted 13s to
            13.900s, 6 retransmissions (tcp_retries2); published
            ETIMEDOUT after 5m11s
      FAIL  poweroff  2.1s
            client: read: ECONNRESET after 100ms; predicted 13s
            to 13.900s, 6 retransmissions (tcp_retries2);
            published ETIMEDOUT after 5m11s

    1 of 2 labs passed

    """

  static let catalogue = """
    labs
      name      question                                                      takes   needs
      poweroff  What happens if one endpoint of a TCP connection is powered   15m41s  postgresql, strace
                off for a while? Does the other endpoint ever discover this?
                If so, how? And when? [--set tcp_retries2=15]
        :short  with tcp_retries2=5                                           20s

    """

  static let narrowCatalogue = """
    labs
      poweroff
          What happens if one endpoint of a TCP connection is
          powered off for a while? Does the other endpoint ever
          discover this? If so, how? And when?
          takes 15m41s; needs postgresql, strace
          --set tcp_retries2=15
          :short with tcp_retries2=5 takes 20s

    """
}
