/// The candidate that `word` is probably a misspelling of; `nil` if none is near.
///
/// Near is a candidate that begins with the word, or that a third of its letters turn into the word, an exchange of
/// neighbours counting as one. Of equally near ones the first is taken.
public func nearest(to word: String, in candidates: [String]) -> String? {
  guard !word.isEmpty else { return nil }
  let wanted = Array(word.lowercased())
  // Nobody misspells a name by hundreds of letters, and the comparison takes their product.
  guard wanted.count <= 100 else { return nil }
  var best: (distance: Int, name: String)?
  for candidate in candidates {
    let distance = editDistance(wanted, Array(candidate.lowercased()))
    let isPrefix = wanted.count >= 3 && candidate.lowercased().hasPrefix(word.lowercased())
    guard isPrefix || distance <= max(1, candidate.count / 3) else { continue }
    if distance < (best?.distance ?? .max) { best = (distance, candidate) }
  }
  return best?.name
}

/// How many insertions, deletions, replacements and exchanges of neighbours turn `left` into `right`.
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for (row, leftCharacter) in left.enumerated() {
    var current = [row + 1]
    for (column, rightCharacter) in right.enumerated() {
      var cost = min(
        last[column + 1] + 1,
        current[column] + 1,
        last[column] + (leftCharacter == rightCharacter ? 0 : 1)
      )
      if row > 0, column > 0, leftCharacter == right[column - 1], left[row - 1] == rightCharacter {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
