/// Finds the word that was probably meant.
enum Spelling {
  /// The candidate nearest to `word`; the first of several, `nil` if none is near.
  ///
  /// Near means that at most a third of its characters would have to change, one in a short word, or that it begins
  /// with the candidate.
  static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let wanted = letters(of: word)
    guard wanted.count <= 40 else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let letters = letters(of: candidate)
      let longer = max(wanted.count, letters.count)
      let limit = min(max(1, longer / 3), longer - 1, (best?.distance ?? .max) - 1)
      guard abs(wanted.count - letters.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      if distance <= limit { best = (candidate, distance) }
    }
    // Two words written as one: `poweroff`.
    return best?.candidate ?? candidates.first { $0.utf8.count >= 4 && wanted.starts(with: letters(of: $0)) }
  }

  /// The bytes of a word, capitals made small: a slip in them is a slip, but none of spelling.
  private static func letters(of word: String) -> [UInt8] {
    word.utf8.map { ($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")) ? $0 + 32 : $0 }
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
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let width = right.count + 1
    // The rows of the table for the last two letters of `left` and for this one.
    var older = [Int](repeating: 0, count: width)
    var old = Array(0..<width)
    var row = old
    for i in left.indices {
      row[0] = i + 1
      for j in right.indices {
        var cost = min(old[j + 1] + 1, row[j] + 1, old[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, older[j - 1] + 1) }
        row[j + 1] = cost
      }
      (older, old, row) = (old, row, older)
    }
    return old[right.count]
  }
}
