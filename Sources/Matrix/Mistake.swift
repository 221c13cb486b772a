/// Why something that a person wrote cannot be used: what it is, and what would be right.
public struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// A mistake, told in this sentence.
  public init(_ description: String) {
    self.description = description
  }
}
