/// The page's script, in parts; it runs as one function, so that its names meet no others.
enum PageScript {
  static var all: String {
    "(() => {\n'use strict';\n"
      + [data, axis, geometry, brush, ground, bars, marks, density, margins, ladder, map, page].joined(separator: "\n")
      + "\n})();\n"
  }
}
