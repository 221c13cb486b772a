internal import LabScript
internal import Timeline

extension Record {
  /// The first thing that told `peer` something at or after `start`: when, and in words.
  func firstNews(for peer: String, from start: Moment) -> (moment: Moment, words: String)? {
    for event in events[index(from: start)...] where event.peer == peer {
      switch event.body {
      case .call(let call) where call.bringsNews: return (event.time, "\(call.name): \(call.outcomeWords)")
      case .ended(let ending): return (event.time, "the program \(ending.text)")
      default: continue
      }
    }
    return nil
  }
}
