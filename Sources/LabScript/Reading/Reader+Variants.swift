// Variants: `variant short: tcp_retries2=5 idle=3s`.

extension Reader {
  /// Reads every variant; whether its parameters are the lab's is looked at when those are known.
  mutating func readVariants(_ statements: [Statement]) {
    for statement in statements {
      let variant = trying { reader throws(Mistake) in try reader.variant(statement) }
      if let variant { script.variants.append(variant) } else { hasLostVariant = true }
    }
  }

  private mutating func variant(_ statement: Statement) throws(Mistake) -> Variant {
    var words = try words(of: statement, .assignment)
    let form = "write for instance: variant short: tcp_retries2=5"
    var name = try words.require("the variant's name", help: form)
    if name.text.last == ":", !name.isQuoted {
      name.text.removeLast()
      name.place.length -= 1
    } else {
      guard words.accept(":") else { throw Mistake(words.place, "a ':' is missing behind the name", help: form) }
    }
    let isGood = name.text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    guard isGood, name.text.first?.isLetter == true, !name.isQuoted, name.text.count <= 32 else {
      throw Mistake(
        name.place,
        "\(name.quoted) is no name for a variant",
        help: "a name begins with a small letter; small letters, digits and '-' follow, at most 32 in all"
      )
    }
    if let earlier = script.variants.first(where: { $0.name == name.text }) {
      throw Mistake(
        name.place,
        "a second variant '\(name.text)'; the first is in line \(earlier.line)",
        help: "every variant needs a name of its own"
      )
    }
    var settings: [Variant.Setting] = []
    repeat {
      let word = try words.require("the parameter", help: form)
      try words.require(word: "=", help: form)
      let value = try words.require("the value", help: form)
      if settings.contains(where: { $0.name == word.text }) {
        throw Mistake(word.place, "the parameter '\(word.text)' stands here twice", help: "keep one of them")
      }
      settings.append(Variant.Setting(name: word.text, value: value.text))
      variantWords.append(word)
    } while words.peek != nil
    return Variant(name: name.text, settings: settings, line: statement.line)
  }

  /// The values that the command line and the chosen variant give to parameters.
  var chosenSettings: [(name: String, value: String)] {
    guard let wantedVariant, let variant = script.variants.first(where: { $0.name == wantedVariant }) else {
      return settings
    }
    let own = variant.settings.filter { setting in !settings.contains { $0.name == setting.name } }
    return own.map { ($0.name, $0.value) } + settings
  }

  /// Examines what the variants name, now that the parameters are known, and takes the chosen one's name.
  mutating func checkVariants() {
    for word in variantWords where parameters[word.text] == nil && !hasLostStatement {
      let names = script.parameters.map(\.name)
      let known = names.isEmpty ? "the lab has none" : "the lab has \(Spelling.list(names))"
      report(
        Mistake(
          word.place,
          "unknown parameter \(word.quoted)",
          help: Spelling.question(word.text, names) ?? known
        )
      )
    }
    guard let wantedVariant, !hasLostVariant else { return }
    guard script.variants.contains(where: { $0.name == wantedVariant }) else {
      let names = script.variants.map(\.name)
      let known = names.isEmpty ? "the lab has none" : "the lab has \(Spelling.list(names))"
      complain(
        ofOption: "--variant \(wantedVariant)",
        column: 11,
        length: wantedVariant.count,
        "unknown variant '\(wantedVariant)'",
        Spelling.question(wantedVariant, names) ?? known
      )
      return
    }
    script.variant = wantedVariant
    script.name += ":" + wantedVariant
  }
}
