/// A named set of parameter values: the same lab, shorter, or in another of its cases.
public struct Variant: Hashable, Sendable {
  /// Its name: what follows the colon in `halfopen run poweroff:short`.
  public var name: String
  /// The parameters' values.
  public var settings: [Setting]
  /// The line that declares it.
  public var line: Int

  /// One parameter's value.
  public struct Setting: Hashable, Sendable {
    /// The parameter.
    public var name: String
    /// Its value in this variant.
    public var value: String

    /// A value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A variant.
  public init(name: String, settings: [Setting], line: Int) {
    self.name = name
    self.settings = settings
    self.line = line
  }
}
