import Sockets
import Testing

/// What `predict`, `explain` and `advise` answer to a question that makes no sense: what is wrong, and what would be right.
@Suite struct AskingTests {
  @Test(arguments: [
    ("predict", "which situation? Give one of --connecting, --sending, --idle, --zero-window, --closing ..., or a lab"),
    ("predict --idle --sending", "--idle and --sending are different situations: give one"),
    (
      "predict --closing fin --closing time-wait",
      "--closing fin and --closing time-wait are different situations: give one"
    ),
    ("predict idle --keepalive 10s,5s,3", "the situation is an option: write --idle"),
    ("predict --idle --segments 3", "--segments belongs to --sending: --idle sends no data"),
    ("predict --segments 3", "--segments belongs to --sending: give both"),
    ("predict poweroff --sending", "'poweroff' is too much here: give a situation or labs, not both"),
    (
      "predict --sending --failure absent --network routed",
      "--failure absent is about the own network: leave out --network routed"
    ),
    (
      "predict --idle --keepalive 10,5,3",
      "option '--keepalive': '10' has no unit: write 10s for seconds or 10ms for milliseconds"
    ),
    (
      "predict --sending --user-timeout 1us",
      "option '--user-timeout': '1us' is not a whole number of milliseconds, which is all that the kernel takes here"
    ),
    ("predict --sending --user-timeout 25d", "TCP_USER_TIMEOUT cannot be 2160000000 ms: allowed is 0 to 2147483647 ms"),
    (
      "predict --sending --hz fast", "option '--hz': 'fast' is no timer frequency of Linux: write 100, 250, 300 or 1000"
    ),
    ("predict --sending --hz 7", "option '--hz': '7' is no timer frequency of Linux: write 100, 250, 300 or 1000"),
    (
      "predict --sending --sysctl tcp_retires2=8",
      "option '--sysctl': the timer model knows no setting 'tcp_retires2'; did you mean 'tcp_retries2'? it knows"
    ),
    (
      "predict --sending --sysctl net.core.somaxconn=8",
      "option '--sysctl': the timer model knows no setting 'net.core.somaxconn': it knows tcp_retries2,"
    ),
    ("explain ETIMEDOUT ECONNRESET", "'ETIMEDOUT ECONNRESET' names ETIMEDOUT and ECONNRESET: ask for one at a time"),
    ("explain ETIMEDUOT", "'timer:(on,42sec,13)'; did you mean 'ETIMEDOUT'?"),
    ("explain timer:(persist,1.2sec,3)", "'timer:(persist,1.2sec,3)' is not a timer as ss -o prints it"),
    (
      "explain ETIMEDOUT --after 939",
      "option '--after': '939' has no unit: write 939s for seconds or 939ms for milliseconds"
    ),
    (
      "explain ETIMEDOUT --kernel six",
      "option '--kernel': kernel version cannot be 'six': allowed is a release such as 6.1 or 6.18.44"
    ),
    ("advise 10s", "'10s' is too much here: the time is an option, such as --detect-within 10s"),
    ("advise --detect-within 10s --through nat:350", "option '--through': '350' has no unit"),
  ])
  func aMistakeIsAnsweredWithWhatWouldBeRight(question: String, answer: String) throws {
    let outcome = try Program.run([Program.halfopen] + question.split(separator: " ").map(String.init))
    #expect(outcome.status == .exited(2))
    #expect(outcome.output == "")
    #expect(outcome.errors.contains(answer), "\(outcome.errors)")
  }

  @Test func anErrorsNumberIsAsGoodAsItsName() throws {
    let byNumber = try Program.run([Program.halfopen, "explain", "110", "--after", "3m"])
    #expect(byNumber.status == .exited(0))
    #expect(byNumber.output == (try Program.run([Program.halfopen, "explain", "ETIMEDOUT", "--after", "3m"]).output))
  }

  @Test(arguments: [
    "--sending --network lan --user-timeout 1d", "--sending --failure icmp-host-unreachable --user-timeout 20d",
    "--closing fin --network lan --user-timeout 20d --hz 1000",
  ])
  func weeksOfUserTimeoutAreAnswered(question: String) throws {
    let words = question.split(separator: " ").map(String.init)
    let outcome = try Program.run([Program.halfopen, "predict"] + words)
    #expect(outcome.status == .exited(0), "\(outcome)")
    #expect(outcome.output.contains("Limit: user timeout"), "\(outcome.output)")
  }
}
