internal import Report

/// A piece of SVG or HTML as it grows: every text and every attribute goes through one escape.
struct Markup {
  private(set) var text = ""

  /// Adds an element without content.
  mutating func empty(_ name: String, _ attributes: [(String, String)]) {
    text += "<\(name)\(Markup.list(attributes))/>\n"
  }

  /// Adds an element with a text in it.
  mutating func element(_ name: String, _ attributes: [(String, String)] = [], _ content: String) {
    text += "<\(name)\(Markup.list(attributes))>\(Markup.escaped(content))</\(name)>\n"
  }

  /// Adds an element and what `body` adds within it.
  mutating func element(_ name: String, _ attributes: [(String, String)] = [], _ body: (inout Markup) -> Void) {
    text += "<\(name)\(Markup.list(attributes))>\n"
    body(&self)
    text += "</\(name)>\n"
  }

  /// Adds markup that is known to be safe, since it holds nothing of a timeline.
  mutating func raw(_ markup: String) { text += markup }

  private static func list(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  /// The text with nothing left in it that means anything to XML or HTML.
  ///
  /// What neither allows, such as control characters, is written out as in a terminal: `\x1b`.
  static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

/// A number of pixels with one decimal.
func px(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e9 else { return "0" }
  let tenths = Int((value * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
  return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
}
