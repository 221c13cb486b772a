internal import Timeline

extension Kernel {
  /// What this kernel does with a socket of these options in this situation.
  ///
  /// - Parameters:
  ///   - situation: What the connection is doing; it names the moment from which the prediction's times count.
  ///   - options: The socket's options.
  ///   - path: What is between the two ends, and what is wrong there.
  ///   - phase: What is known of the timer wheel's position at that moment.
  ///   - sent: With a known phase, when the host was seen to send something on this connection since then, in nanoseconds
  ///     of the monotonic clock: a timer whose packet came late ran late, and what it armed is late too.
  /// - Throws: ``ModelError`` for a value that the kernel refuses.
  public func predict(
    _ situation: Situation,
    options: SocketOptions = SocketOptions(),
    path: Path = Path(),
    phase: Phase = .unknown,
    sent: [Int64] = []
  ) throws(ModelError) -> Prediction {
    try validate(options, path, phase)
    return Predictor(kernel: self, options: options, path: path, phase: phase, sent: sent).answer(situation)
  }

  /// The same without a leap over what only repeats itself: for tests, which compare the two.
  package func predictFollowingEach(
    _ situation: Situation,
    options: SocketOptions = SocketOptions(),
    path: Path = Path(),
    phase: Phase = .unknown
  ) throws(ModelError) -> Prediction {
    try validate(options, path, phase)
    let predictor = Predictor(kernel: self, options: options, path: path, phase: phase, sent: [], leaps: false)
    return predictor.answer(situation)
  }

  private func validate(_ options: SocketOptions, _ path: Path, _ phase: Phase) throws(ModelError) {
    try options.validate(for: self)
    try path.validate()
    if case .known(let clock, _) = phase, clock.rate != rate {
      throw ModelError(
        subject: "the phase's HZ",
        value: "\(clock.rate.rawValue)",
        allowed: "\(rate.rawValue), as the kernel's"
      )
    }
  }
}

/// Chooses the timer process of a situation, and runs it.
struct Predictor {
  let kernel: Kernel
  let options: SocketOptions
  let path: Path
  let phase: Phase
  let sent: [Int64]
  var leaps = true

  var wheel: TimerWheel { kernel.wheel }
  var roundTrip: Int64 { path.roundTrip.nanoseconds }

  func answer(_ situation: Situation) -> Prediction {
    switch situation {
    case .connecting: connecting()
    case .synReceived(let acknowledged): synReceived(acknowledged: acknowledged)
    case .sending(let sending): self.sending(sending)
    case .idle(let idle): self.idle(armedBefore: idle.armedBefore.nanoseconds)
    case .zeroWindow(let window): zeroWindow(window)
    case .closing(let closing): self.closing(closing)
    }
  }

  /// Runs a process and gathers its outcomes.
  func run<Process: TimerProcess>(
    _ process: Process,
    deepestLevel: Int,
    first: ScheduledEvent.Kind?,
    origin: Int64 = 0
  ) -> Prediction {
    var phase = phase
    if case .known(let clock, let start) = phase { phase = .known(clock, start: start - origin) }
    let run = Simulation(
      wheel: wheel,
      process: process,
      deepestLevel: deepestLevel,
      phase: phase,
      sent: sent.map { $0 / wheel.rate.nanosecondsPerJiffy },
      leaps: leaps
    ).run()
    return Prediction(
      outcomes: run.outcomes,
      expiries: run.expiries,
      wheel: wheel,
      first: first,
      origin: origin,
      explain: explanation
    )
  }

  /// A prediction in which a packet decides at once and no timer takes part.
  func atOnce(
    _ events: [ScheduledEvent.Kind],
    after delay: Int64,
    errno: String?,
    limit: Limit,
    retransmissions: Int = 0
  ) -> Prediction {
    let moment = Window(.nanoseconds(delay))
    var schedule = events.map { ScheduledEvent(at: Window(.zero), kind: $0, check: nil, certain: true) }
    schedule.append(ScheduledEvent(at: moment, kind: limit == .reset ? .reset : .end, check: nil, certain: true))
    var prediction = Prediction(
      schedule: schedule,
      end: Prediction.End(window: moment, errno: errno, limit: limit, explanation: ""),
      ends: [moment],
      forever: nil,
      retransmissions: retransmissions...retransmissions,
      probes: 0...0,
      tick: wheel.rate.jiffy
    )
    let sentence = explanation(limit, prediction)
    prediction.end?.explanation = sentence
    return prediction
  }

  /// A prediction in which nothing happens.
  func never(_ reason: String, first: ScheduledEvent.Kind?) -> Prediction {
    let schedule = first.map { [ScheduledEvent(at: Window(.zero), kind: $0, check: nil, certain: true)] } ?? []
    return Prediction(
      schedule: schedule,
      end: nil,
      ends: [],
      forever: reason,
      retransmissions: 0...0,
      probes: 0...0,
      tick: wheel.rate.jiffy
    )
  }

  func idle(armedBefore: Int64) -> Prediction {
    guard let keepalive = options.keepalive else {
      return never(
        "without keepalive an idle connection has no timer at all; a user timeout alone changes nothing",
        first: .idle
      )
    }
    let answer: IdleProcess.Answer
    switch path.failure {
    case .powerCycled: answer = .reset(after: roundTrip)
    case .local(.queue): answer = .queueRefuses
    case .silence, .neighbourGone, .icmp, .local: answer = .nothing
    }
    let process = IdleProcess(
      kernel: kernel,
      keepalive: keepalive,
      userTimeout: options.userTimeout,
      lastReceived: armedBefore,
      answer: answer
    )
    return run(process, deepestLevel: process.deepestLevel, first: .idle, origin: armedBefore)
  }

  func zeroWindow(_ window: Situation.ZeroWindow) -> Prediction {
    let answer: ZeroWindowProcess.Answer
    switch path.failure {
    case .powerCycled: answer = .reset(after: roundTrip)
    case .local(.queue): answer = .queueRefuses
    case .local: answer = .refused
    case .silence, .neighbourGone, .icmp: answer = window.answered ? .stillFull : .nothing
    }
    return probing(answer, window)
  }

  func neverSent(_ refusal: LocalRefusal) -> Prediction {
    probing(refusal == .queue ? .queueRefuses : .refused, Situation.ZeroWindow())
  }

  private func probing(_ answer: ZeroWindowProcess.Answer, _ window: Situation.ZeroWindow) -> Prediction {
    let timeout = RetransmissionTimeout(kernel: kernel, options: options, path: path, segments: 1)
    let process = ZeroWindowProcess(
      kernel: kernel,
      options: options,
      timeout: timeout,
      window: window,
      answer: answer
    )
    return run(process, deepestLevel: process.deepestLevel, first: .transmission)
  }

  func closing(_ closing: Situation.Closing) -> Prediction {
    switch closing {
    case .finUnacknowledged(let orphaned, let segments):
      if path.failure == .powerCycled {
        return atOnce([.transmission], after: roundTrip, errno: orphaned ? nil : "ECONNRESET", limit: .reset)
      }
      return retransmitting(segments: segments + 1, orphaned: orphaned)
    case .finWait2(false):
      return never(
        "a socket that is shut down but not closed waits for the other end's FIN without limit",
        first: .finWait2
      )
    case .finWait2(true):
      if let linger2 = options.linger2, linger2 < 0 {
        return atOnce([.finWait2], after: 0, errno: nil, limit: .linger2)
      }
      let timeout = RetransmissionTimeout(kernel: kernel, options: options, path: path, segments: 1)
      let (time, limit) = WaitProcess.finTime(kernel: kernel, options: options, timeout: timeout)
      let process = WaitProcess(finWait2: time, limit: limit, wheel: wheel)
      return run(process, deepestLevel: process.deepestLevel, first: .finWait2)
    case .timeWait:
      let process = WaitProcess(timeWaitOn: wheel)
      return run(process, deepestLevel: process.deepestLevel, first: .timeWait)
    case .closeWait:
      guard options.keepalive != nil else {
        return never("CLOSE_WAIT has no timer: the own program has to close, or to write", first: .idle)
      }
      var prediction = idle(armedBefore: 0)
      // The errno is set, and poll says so, but the socket has seen the FIN: a read returns 0 all the same.
      if prediction.end?.limit == .reset { prediction.end?.errno = "EPIPE" }
      return prediction
    }
  }
}

extension Path {
  /// Refuses times that no path has.
  func validate() throws(ModelError) {
    guard roundTrip.nanoseconds >= 0, roundTrip <= .seconds(120) else {
      throw ModelError(subject: "the round-trip time", value: roundTrip.text, allowed: "0s to 2m")
    }
    if let rto {
      guard rto > .zero, rto <= .seconds(120) else {
        throw ModelError(subject: "the retransmission timeout", value: rto.text, allowed: "1ms to 2m")
      }
    }
  }
}
