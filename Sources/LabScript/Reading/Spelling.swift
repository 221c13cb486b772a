/// Finds the word that was probably meant.
enum Spelling {
  /// The candidate nearest to `word`; the first of several, `nil` if none is near.
  ///
  /// Near means that at most a third of its characters would have to change, and one in a short word.
  static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    guard word.utf8.count <= 40 else { return nil }
    let wanted = Array(word.lowercased())
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(wanted, Array(candidate.lowercased()))
      let limit = max(1, max(wanted.count, candidate.count) / 3)
      if distance <= limit, distance < max(wanted.count, candidate.count), distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.candidate
  }

  /// The sentence `did you mean 'peer'?`, if a candidate is near.
  static func question(_ word: String, _ candidates: some Sequence<String>) -> String? {
    nearest(to: word, in: candidates).map { "did you mean '\($0)'?" }
  }

  /// Names in a sentence: `'kang'`, `'kang' and 'kodos'`, `'kang', 'kodos' and 'krang'`.
  static func list(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }

  /// How many characters have to be inserted, removed, replaced or exchanged with their neighbour to make one word of
  /// the other: the distance of Damerau and Levenshtein, without changing anything twice.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    if abs(left.count - right.count) > max(left.count, right.count) / 2 { return .max }
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
