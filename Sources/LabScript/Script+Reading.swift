/// What reading a lab file gives.
public enum ReadResult: Sendable {
  /// The lab.
  case script(Script)
  /// Every mistake in it, in the order of their places.
  case mistakes([Diagnostic])
}

extension Script {
  /// Reads a lab file.
  ///
  /// - Parameters:
  ///   - bytes: What the file holds; it need not be UTF-8, nor a text.
  ///   - path: Its path as it was given, for the mistakes; its last component without `.lab` is the lab's name.
  ///   - settings: Values for parameters, from `--set name=value`; a mistake there has line 0.
  ///   - variant: The name of one of the lab's variants, whose values hold where `settings` gives none.
  ///   - family: What the hosts speak, instead of what the lab says; a lab that cannot has one mistake.
  /// - Returns: The lab, or all its mistakes: of more than 100 the first 100, and how many more there are.
  ///
  /// The language is described in docs/lab-language.md.
  public static func read(
    text bytes: [UInt8],
    path: String,
    settings: [(name: String, value: String)] = [],
    variant: String? = nil,
    family: AddressFamily? = nil
  ) -> ReadResult {
    var reader = Reader(bytes, path: path, settings: settings, variant: variant, family: family)
    return reader.read()
  }
}
