// Writing HTML. Everything that does not come from this room's own constants goes through `escaped`.

/// The text as content or attribute value of an HTML document: nothing in it is ever markup.
///
/// Controls other than the line's end are shown as `?`; HTML has no way to write most of them.
func escaped(_ text: String) -> String {
  var out = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    case "'": out += "&#39;"
    case "\n": out += "\n"
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: out += "?"
      default: out.unicodeScalars.append(scalar)
      }
    }
  }
  return out
}

/// A page that fetches nothing and runs nothing but the script that it brings.
func page(title: String, style: String, script: String, body: String) -> String {
  """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
  <link rel="icon" href="data:,">
  <title>\(escaped(title))</title>
  <style>
  \(style)
  </style>
  </head>
  <body>
  \(body)
  <script>
  \(script)
  </script>
  </body>
  </html>

  """
}
