internal import Report
internal import Timeline

extension SceneBuilder {
  /// Within this time a socket with the same addresses takes the place of one that is gone, as the judge has it.
  private static let gap: Duration = .milliseconds(25)

  /// Takes a socket's sample: a new bar where its state changed, a new countdown where its timer did.
  mutating func add(_ sample: SocketSample, _ event: Event) {
    guard let lane = lane(of: event) else { return }
    let key = "\(lane) \(sample.ends)"
    var known = sockets[key]
    if let departure = departed[key] {
      departed[key] = nil
      if event.time - departure.time <= SceneBuilder.gap, known == nil {
        // One connection that changes its socket, and not one that ends and another that begins.
        scene.items[departure.item].level = 2
        known = departure.socket
        known?.timer = nil
      }
    }
    guard var socket = known else {
      scene.entities.append(Scene.Entity(name: name(of: sample, lane), lane: lane, isProgram: false))
      sockets[key] = Socket(entity: scene.entities.count - 1, sample: sample, since: event.time)
      addState(sample, sample.state.name + (sample.state == .listen ? "  \(sample.local)" : ""), event, lane)
      armTimer(key, sample, event, lane)
      return
    }
    if socket.sample.state.name != sample.state.name {
      addBar(socket, until: event.time, lane)
      let tried = socket.sample.unansweredWords.map { ", after \($0)" } ?? ""
      addState(sample, sample.state.name + (known?.timer == nil ? "" : tried), event, lane)
      socket.since = event.time
    }
    socket.sample = sample
    sockets[key] = socket
    armTimer(key, sample, event, lane)
  }

  /// A socket is no more.
  mutating func addGone(_ sample: SocketSample, _ event: Event) {
    guard let lane = lane(of: event) else { return }
    let key = "\(lane) \(sample.ends)"
    guard let socket = sockets.removeValue(forKey: key) else { return }
    if let timer = socket.timer { scene.spans[timer].until = event.time }
    addBar(socket, until: event.time, lane)
    let tried = socket.sample.unansweredWords.map { ", after \($0)" } ?? ""
    add(
      "\(socket.sample.state.name) → gone\(tried)",
      .state,
      .state,
      level: socket.sample.state == .listen ? 1 : 0,
      at: event.time,
      lane: lane
    )
    if sample.isConnection {
      departed[key] = Departure(socket: socket, time: event.time, item: scene.items.count - 1)
    }
  }

  /// Ends the bars of what is still there at the end.
  mutating func closeSockets() {
    for (_, socket) in sockets.sorted(by: { $0.value.entity < $1.value.entity }) {
      guard let lane = scene.entities[socket.entity].lane else { continue }
      addBar(socket, until: end, lane)
    }
  }

  private func name(of sample: SocketSample, _ lane: Int) -> String { "\(scene.lanes[lane].name) \(sample.addresses)" }

  private mutating func addState(_ sample: SocketSample, _ text: String, _ event: Event, _ lane: Int) {
    add(text, .state, .state, at: event.time, lane: lane)
  }

  private mutating func addBar(_ socket: Socket, until: Moment, _ lane: Int) {
    scene.spans.append(
      Scene.Span(
        kind: .connection,
        from: socket.since,
        until: max(socket.since, until),
        lane: lane,
        style: socket.sample.state.rawValue,
        text: socket.sample.state.name,
        entity: socket.entity
      )
    )
  }

  /// Begins a countdown where a timer was armed, or armed anew.
  private mutating func armTimer(_ key: String, _ sample: SocketSample, _ event: Event, _ lane: Int) {
    guard var socket = sockets[key] else { return }
    defer { sockets[key] = socket }
    guard let timer = sample.timer, timer.kind != .delayedAck else {
      if let last = socket.timer { scene.spans[last].until = max(scene.spans[last].from, event.time) }
      socket.timer = nil
      return
    }
    let expiry = event.time + .milliseconds(max(0, min(timer.expiresInMilliseconds, 1 << 40)))
    let style = TimerStyle(timer.kind)
    // One timer ends both; what it is called is the state that it ends.
    let name = style == .timeWait && sample.state == .finWait2 ? "FIN_WAIT_2 timer" : style.name
    var start = event.time
    if let last = socket.timer {
      let span = scene.spans[last]
      // The same countdown, seen again: the kernel tells whole milliseconds, and counts them in ticks.
      let drift = (span.expiry ?? expiry) - expiry
      let isSame = drift < .milliseconds(20) && drift > .milliseconds(-20)
      if span.style == style.rawValue, isSame || timer.expiresInMilliseconds == 0 { return }
      scene.spans[last].until = max(span.from, event.time)
    }
    if timer.kind == .retransmission, let rto = sample.rto, rto > 0, rto < 1 << 40 {
      // The sample comes a little later than the packet that armed the timer; the timeout tells when that was.
      let armed = expiry + .microseconds(-rto)
      let earliest = socket.timer.map { scene.spans[$0].until } ?? event.time + .milliseconds(-100)
      start = min(event.time, max(armed, socket.timer == nil ? earliest : min(armed, earliest)))
      if let last = socket.timer { scene.spans[last].until = max(scene.spans[last].from, min(earliest, start)) }
    }
    scene.spans.append(
      Scene.Span(
        kind: .timer,
        from: start,
        until: max(expiry, start),
        lane: lane,
        style: style.rawValue,
        text: name,
        expiry: expiry,
        entity: socket.entity
      )
    )
    socket.timer = scene.spans.count - 1
    scene.items.append(
      Scene.Item(
        time: event.time,
        kind: .timer,
        text: "\(name) \(Duration.milliseconds(timer.expiresInMilliseconds).text)",
        tone: .timer,
        lane: lane,
        event: place
      )
    )
  }
}

/// The timers that a countdown shows.
enum TimerStyle: UInt8, CaseIterable {
  case retransmission, keepalive, timeWait, persist

  init(_ kind: SocketTimer.Kind) {
    self =
      switch kind {
      case .retransmission, .delayedAck: .retransmission
      case .keepalive: .keepalive
      case .timeWait: .timeWait
      case .persist: .persist
      }
  }

  /// The timer's name in a sentence: `nothing but the retransmission timer`.
  var name: String {
    switch self {
    case .retransmission: "retransmission timer"
    case .keepalive: "keepalive timer"
    case .timeWait: "TIME_WAIT timer"
    case .persist: "zero-window probe timer"
    }
  }
}
