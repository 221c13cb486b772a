internal import Digests

/// A page that is one file: its style and its script are in it, and nothing else is ever loaded or run.
///
/// Its content security policy names the hashes of that style and that script, so that a browser runs no other, whatever
/// else stands in the page.
public struct HTMLPage: Sendable {
  /// The page's title.
  public var title: String
  /// The style sheet; the colours of every picture stand before it.
  public var style: String
  /// The script; it is run when everything but the fallback is read.
  public var script: String
  /// The attributes of the body, names and values.
  public var attributes: [(name: String, value: String)]
  /// The content, as markup.
  public var body: String
  /// What stands behind the script, as markup: what it does not need to begin with, and what shows where no script runs.
  public var fallback: String

  /// A page.
  public init(
    title: String,
    style: String,
    script: String,
    attributes: [(name: String, value: String)] = [],
    body: String,
    fallback: String = ""
  ) {
    self.title = title
    self.style = style
    self.script = script
    self.attributes = attributes
    self.body = body
    self.fallback = fallback
  }

  /// The page as the text of a file.
  public var document: String {
    let style = Palette.css(":root") + self.style
    let script = "\n" + self.script
    let policy = """
      default-src 'none'; script-src '\(HTMLPage.hash(script))'; style-src '\(HTMLPage.hash(style))'; base-uri 'none'; \
      form-action 'none'
      """
    let attributes = attributes.map { " \($0.name)=\"\(Markup.escaped($0.value))\"" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(Markup.escaped(title))</title>
      <style>\(style)</style>
      </head>
      <body\(attributes)>
      \(body)
      <script>\(script)</script>
      \(fallback)
      </body>
      </html>

      """
  }

  private static func hash(_ text: String) -> String { "sha256-" + Base64.text(SHA256.hash(Array(text.utf8))) }

  /// The text with nothing left in it that means anything to HTML or XML; control characters are written out.
  public static func escaped(_ text: String) -> String { Markup.escaped(text) }

  /// A JSON text so that it can stand in a `script` element that is data: no `<` is left in it.
  public static func data(_ json: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(json.utf8.count)
    for byte in json.utf8 {
      if byte == UInt8(ascii: "<") { out += Array("\\u003c".utf8) } else { out.append(byte) }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
