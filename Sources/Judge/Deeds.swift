public import LabScript
public import Timeline

/// The moments from which the expectations of a lab were measured, by the line of the expectation: when the last deed
/// before it was in force.
///
/// An expectation whose deed the run never came to has none.
public func deeds(of script: Script, in events: [Event]) -> [Int: Moment] {
  let record = Record(events)
  var moments: [Int: Moment] = [:]
  var deed: Anchor?
  var hasDeed = false
  for step in script.steps {
    switch step.action {
    case .wait: continue
    case .expect(let expectation):
      let anchor = hasDeed ? deed : Anchor(startOf: expectation.condition.subject, in: record)
      moments[step.line] = anchor?.moment
    default:
      hasDeed = true
      deed = Anchor(deed: step, in: record)
    }
  }
  return moments
}
