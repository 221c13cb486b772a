public import Report
internal import Timeline

/// How a run is drawn.
public struct DrawingOptions: Hashable, Sendable {
  /// How much of the timeline the static picture shows; the page lets its reader choose.
  public var verbosity: TextOptions.Verbosity
  /// Whether idle stretches are folded.
  public var axis: TimeAxis
  /// What a reader must know of the timeline itself: lines that could not be read.
  public var notes: [String]

  /// Options.
  public init(
    verbosity: TextOptions.Verbosity = .story,
    axis: TimeAxis = .folded,
    notes: [String] = []
  ) {
    self.verbosity = verbosity
    self.axis = axis
    self.notes = notes
  }
}

/// The runs as one SVG document: a ladder each, one below the other.
///
/// It needs nothing but itself, runs no script, and follows the reader's preference for light or dark.
public func svg(_ runs: [LabRun], _ options: DrawingOptions) -> String {
  let pictures = runs.map { run in
    var builder = SceneBuilder(run: run, notes: options.notes)
    return SVGPicture(builder.build(), level: UInt8(options.verbosity.rawValue), axis: options.axis)
  }
  guard pictures.count != 1 else {
    return pictures[0].draw(isInline: false)
  }
  var out = Markup()
  let width = pictures.map(\.geometry.width).max() ?? 480
  var documents: [(text: String, height: Double)] = []
  for picture in pictures { documents.append((picture.draw(isInline: true), picture.height)) }
  let height = documents.reduce(0) { $0 + $1.height }
  out.element(
    "svg",
    [
      ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", "0 0 \(px(width)) \(px(height))"), ("width", px(width)),
      ("height", px(height)), ("class", "hp"),
    ]
  ) { out in
    out.raw("<style>\n\(Palette.css(".hp"))\(SVGPicture.css)</style>\n")
    var y = 0.0
    for document in documents {
      out.element("g", [("transform", "translate(0 \(px(y)))")]) { $0.raw(document.text) }
      y += document.height
    }
  }
  return out.text
}
