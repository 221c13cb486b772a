/// A mistake in a lab file: where, what, and what would be right.
public struct Diagnostic: Error, Hashable, Sendable {
  /// The file's path as it was given.
  public var path: String
  /// The line, from 1; 0 for a setting of the command line, which ``source`` then shows.
  public var line: Int
  /// The column, from 1, in characters.
  public var column: Int
  /// How many characters are wrong; at least 1.
  public var length: Int
  /// What is wrong, in one sentence.
  public var message: String
  /// What would be right, if that can be said.
  public var help: String?
  /// The line itself, shortened around the column where it is very long.
  public var source: String
  /// Where the mistake begins in ``source``, from 1 in characters: the column, unless the line was shortened.
  public var sourceColumn: Int

  /// A mistake.
  public init(
    path: String,
    line: Int,
    column: Int,
    length: Int,
    message: String,
    help: String?,
    source: String,
    sourceColumn: Int? = nil
  ) {
    self.path = path
    self.line = line
    self.column = column
    self.length = length
    self.message = message
    self.help = help
    self.source = source
    self.sourceColumn = sourceColumn ?? column
  }
}
