import CommandLine
import Testing

@Suite struct NearestTests {
  static let names = ["connect", "poll", "read", "write", "shutdown", "keepalive", "keepalive-idle"]

  @Test(arguments: [
    ("conect", "connect"), ("pol", "poll"), ("raed", "read"), ("wriet", "write"), ("shut", "shutdown"),
    ("KEEPALIVE", "keepalive"), ("keepalive-ilde", "keepalive-idle"),
  ])
  func findsWhatWasMeant(word: String, name: String) {
    #expect(nearest(to: word, in: Self.names) == name)
  }

  @Test(arguments: ["", "xyz", "banana", String(repeating: "read", count: 30)])
  func findsNothingWhereNothingIsNear(word: String) {
    #expect(nearest(to: word, in: Self.names) == nil)
  }
}
