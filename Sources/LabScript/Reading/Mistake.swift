/// Where a word stands in a lab file.
struct Place: Hashable {
  /// The line, from 1.
  var line: Int
  /// The column of its first character, from 1.
  var column: Int
  /// How many characters it has; at least 1.
  var length: Int
}

/// What is wrong with a word, before the line itself is put beside it.
struct Mistake: Error, Hashable {
  var place: Place
  var message: String
  var help: String?

  init(_ place: Place, _ message: String, help: String? = nil) {
    self.place = place
    self.message = message
    self.help = help
  }
}
