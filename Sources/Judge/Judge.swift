// How verdicts are found. A lab alternates deeds ("power off kodos") and expectations; an expectation is measured from
// the last deed before it. The judge knows the script and the events, and the forecast only where the script says "as
// predicted": what happened is never derived from what was predicted.

public import LabScript
public import Timeline

/// Judges a run: one verdict for each `expect` and each failed `wait`, in the script's order.
///
/// An expectation is searched from its deed's moment on, in the order of time; the first event that meets the condition
/// decides whether it came in time. An event that met one expectation does not meet a later one on the same condition.
/// - Parameters:
///   - script: The lab, with the parameters' values of this run.
///   - events: The timeline; verdicts in it are passed over.
///   - forecast: What the timer model says, for the expectations that ask for it.
public func judge(script: Script, events: [Event], forecast: Forecast) -> Judgement {
  let record = Record(events)
  var hearing = Hearing(script: script, record: record, forecast: forecast)
  return Judgement(
    verdicts: hearing.verdicts(),
    problems: problems(of: record) + contradictions(between: script, and: record),
    attributions: attributions(in: record, of: script)
  )
}

private func problems(of record: Record) -> [String] {
  guard let last = record.events.last else { return ["the timeline is empty: the lab did not run"] }
  var problems: [String] = []
  if !record.events.contains(where: { if case .begin = $0.body { true } else { false } }) {
    problems.append("the timeline has no beginning: it does not say which clock and which kernel it is of")
  }
  if let reason = record.stopReason {
    problems.append("the lab was stopped: \(reason)")
  } else if !record.isWhole {
    problems.append("the timeline has no end: the run was interrupted after \((last.time - Moment.zero).text)")
  }
  return problems
}
