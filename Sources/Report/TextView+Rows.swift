internal import LabScript
package import Timeline

extension TextView {
  /// The row that an event adds at this verbosity, if any.
  func row(for event: Event, before: SocketSample?, isSuccessor: Bool) -> Row? {
    let shown = options.verbosity
    let who = event.peer ?? event.host ?? ""
    switch event.body {
    case .begin, .verdict, .judgement: return nil
    case .command(let text):
      return options.showsCommands || shown == .everything ? Row(who: who, text: "$ " + text, tint: .faint) : nil
    case .step(let line, let text):
      return shown >= .details ? Row(text: "line \(line): \(text)", tint: .faint) : nil
    case .fault(let line, let text): return Row(who: who, text: "=== \(deed(text, at: line)) ===", tint: .deed)
    case .waiting(_, let text, let limit):
      return shown == .everything
        ? Row(text: "waiting at most \(Duration.nanoseconds(limit).text): \(text)", tint: .faint) : nil
    case .settled(let line, let held):
      let text = statement(at: line)
      if !held { return Row(text: "did not come about: \(text)", tint: .failure) }
      return shown == .everything ? Row(text: "came about: \(text)", tint: .faint) : nil
    case .started(let command, let pid):
      return Row(who: who, text: "starts: \(command)" + (shown >= .details ? " (process \(pid))" : ""))
    case .ended(let ending): return Row(who: who, text: ending.text, tint: ending == .exited(0) ? .plain : .failure)
    case .output(.stdout, let text): return Row(who: who, text: "| " + text)
    case .output(.stderr, let text): return Row(who: who, text: "! " + text)
    case .input(let text): return Row(who: who, text: text.map(typed) ?? "input ends", tint: .deed)
    case .call(let call): return row(for: call, who: who)
    case .socket(let sample): return row(for: sample, before: before, who: who, isSuccessor: isSuccessor)
    case .socketGone(let sample): return rowForGone(before ?? sample, who: who)
    case .stateChange(let change): return row(for: change, before: before, who: who)
    case .resending(let resending):
      return shown == .everything ? Row(who: who, text: resending.words, tint: .faint) : nil
    case .reset(let reset): return shown >= .details ? Row(who: who, text: reset.words, tint: .faint) : nil
    case .destroyed(let death): return shown >= .details ? Row(who: who, text: death.words, tint: .faint) : nil
    case .packet(let packet): return shown >= .details ? row(for: packet, who: who) : nil
    case .note(let text): return Row(who: who, text: "note: " + text)
    case .late(let time):
      guard shown >= .details else { return nil }
      return Row(text: "the machine was busy elsewhere for \(Duration.nanoseconds(time).text)", tint: .faint)
    case .end(let reason?): return Row(text: "the lab was stopped: \(reason)", tint: .failure)
    case .end(nil): return shown >= .details ? Row(text: "the end", tint: .faint) : nil
    case .other(let kind):
      return shown == .everything
        ? Row(who: who, text: "\(kind) \(JSON.object(event.unknown).text)", tint: .faint) : nil
    }
  }

  /// What was typed; of what only its size matters for, the size.
  private func typed(_ text: String) -> String {
    text.utf8.count <= 1000 ? "types \"\(text)\"" : "types \(text.utf8.count + 1) bytes"
  }

  /// A deed without the `after 1s` that may stand before it: that time has passed.
  private func deed(_ text: String, at line: Int) -> String {
    guard script.steps.first(where: { $0.line == line })?.delay != nil else { return text }
    return text.split(separator: " ").dropFirst(2).joined(separator: " ")
  }

  private func statement(at line: Int) -> String {
    script.steps.first { $0.line == line }?.text ?? "line \(line)"
  }

  private func row(for call: SystemCall, who: String) -> Row? {
    guard options.verbosity >= call.neededVerbosity else { return nil }
    var text = call.text
    if let errorName = call.errorName, text.hasSuffix(errorName) {
      text = text.dropLast(errorName.count) + ErrnoText.words(errorName)
    }
    if options.verbosity == .everything, let took = call.took { text += ", took \(Duration.nanoseconds(took).text)" }
    return Row(who: who, text: text, tint: call.hasFailed ? .failure : call.phase == .enter ? .faint : .plain)
  }

  private func row(for sample: SocketSample, before: SocketSample?, who: String, isSuccessor: Bool) -> Row? {
    let details = options.verbosity == .everything && !sample.detailWords.isEmpty ? " (\(sample.detailWords))" : ""
    guard let before else {
      return Row(who: who, text: "\(sample.state.name)  \(sample.addresses)\(details)", tint: .state)
    }
    if before.state.name != sample.state.name {
      let answered = isSuccessor ? nil : before.unansweredWords.map { ", after \($0)" }
      let text = "\(before.state.name) -> \(sample.state.name)  \(sample.ports)\(answered ?? "")\(details)"
      return Row(who: who, text: text, tint: .state)
    }
    if let unanswered = before.unansweredWords, sample.unansweredWords == nil, !isSuccessor {
      return Row(
        who: who,
        text: "\(sample.state.name)  \(sample.ports)  answered after \(unanswered)\(details)",
        tint: .state
      )
    }
    if options.verbosity == .everything {
      return Row(who: who, text: "\(sample.state.name)  \(sample.ports)\(details)", tint: .faint)
    }
    guard options.verbosity >= .details, let words = sample.timerWords,
      words != before.timerWords || sample.timer?.kind != before.timer?.kind
    else { return nil }
    let next = sample.timer.map { ", \(sample.nextWord) in \(Duration.milliseconds($0.expiresInMilliseconds).text)" }
    return Row(who: who, text: "\(sample.state.name)  \(sample.ports)  \(words)\(next ?? "")", tint: .faint)
  }

  /// The row of a traced change of state; that a socket is closed is told by what follows, a small socket or none.
  private func row(for change: StateChange, before: SocketSample?, who: String) -> Row? {
    if change.to == .closed {
      return options.verbosity == .everything
        ? Row(who: who, text: "\(change.from.name) -> CLOSED  \(change.ports)", tint: .faint) : nil
    }
    guard let before else { return Row(who: who, text: "\(change.to.name)  \(change.addresses)", tint: .state) }
    guard before.state.name != change.to.name else { return nil }
    let answered = before.unansweredWords.map { ", after \($0)" } ?? ""
    return Row(who: who, text: "\(before.state.name) -> \(change.to.name)  \(change.ports)\(answered)", tint: .state)
  }

  private func rowForGone(_ sample: SocketSample, who: String) -> Row {
    let unanswered = sample.unansweredWords.map { ", after \($0)" } ?? ""
    return Row(who: who, text: "\(sample.state.name) -> gone  \(sample.ports)\(unanswered)", tint: .state)
  }
}

extension SystemCall {
  /// Calls by which a program does or learns something on the network.
  private static let tellingCalls: Set = ["read", "write", "connect", "accept", "close", "shutdown"]

  /// How much a reader must want to see for the call to be shown.
  ///
  /// A call is part of the story when the program learned or did something on the network by it, not when it was only
  /// told to come again; the beginning of a connection is, whatever it says.
  package var neededVerbosity: TextOptions.Verbosity {
    switch (phase, subject) {
    case (.enter, _): family == "poll" ? .everything : .details
    case (_, .stdin), (_, .stdout): .details
    default:
      tellsSomething || family == "connect" || SystemCall.tellingCalls.contains(family) && isOutcome
        ? .story : .details
    }
  }
}
