/// One option of a program: how it is written, what it means, and what it does to the program's settings.
public struct Option<Settings>: Sendable {
  /// What an option does: it changes the settings by the value given, or says why that value cannot be.
  public typealias Handler = @Sendable (inout Settings, String) throws(InvalidValue) -> Void

  /// The long name, without the dashes.
  public let long: String
  /// The letter or digit of the short form, if there is one; an ASCII character.
  public let short: Character?
  /// What stands for the value in the usage text, such as `DURATION`; `nil` if the option takes no value.
  public let placeholder: String?
  /// What the option means, in a sentence or two; it is wrapped to the width of the usage text.
  public let help: String
  let handler: Handler

  /// An option that takes a value.
  public static func value(
    _ long: String,
    short: Character? = nil,
    _ placeholder: String,
    _ help: String,
    _ handler: @escaping Handler
  ) -> Option {
    Option(long: long, short: short, placeholder: placeholder, help: help, handler: handler)
  }

  /// An option that is present or absent.
  public static func flag(
    _ long: String,
    short: Character? = nil,
    _ help: String,
    _ handler: @escaping @Sendable (inout Settings) -> Void
  ) -> Option {
    Option(long: long, short: short, placeholder: nil, help: help) { (settings, _) throws(InvalidValue) in
      handler(&settings)
    }
  }
}

/// Options that belong together, under a heading of their own in the usage text.
public struct OptionGroup<Settings>: Sendable {
  /// The heading, such as `Keepalive`.
  public let title: String
  /// The options, in the order of the usage text.
  public let options: [Option<Settings>]

  /// A group of options.
  public init(_ title: String, _ options: [Option<Settings>]) {
    self.title = title
    self.options = options
  }
}

/// Why an option's value cannot be: the reason alone, since the parser adds the option's name.
public struct InvalidValue: Error, Hashable, Sendable {
  /// The value, what is wrong with it, and what would be right.
  public let reason: String

  /// A value refused for this reason.
  public init(_ reason: String) {
    self.reason = reason
  }
}

/// A mistake on the command line, in a sentence that names the option or operand and says what would be right.
public struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence, without the program's name.
  public let description: String

  /// A mistake.
  public init(_ description: String) {
    self.description = description
  }
}
