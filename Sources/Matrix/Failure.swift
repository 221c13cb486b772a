internal import LabScript
internal import TimerModel

/// A row of the matrix: something that goes wrong, and what the program does meanwhile.
public struct Failure: Hashable, Sendable {
  /// What the program does when it happens.
  public enum Group: String, Hashable, Sendable, CaseIterable {
    /// It calls connect.
    case connecting
    /// It waits for something to read; nothing is under way.
    case idle
    /// It has written, and waits for an answer.
    case sending
    /// It has more to write than the other program reads.
    case window
  }

  /// What the row is called: `sending-power-off`.
  public var name: String
  /// What the program does.
  public var group: Group
  /// What goes wrong, in a few words.
  public var title: String
  /// What is between the two.
  var network: NetworkKind
  /// The server's program; `nil` where there is none.
  var server: String?
  /// Further declarations: a middle box, peers.
  var declarations: [String] = []
  /// The statements after the connection is made, or before it is tried.
  var stage: [String]
  /// The statement that times count from.
  var deed: String
  /// What has to be so before the decisive expectation.
  var then: [String] = []
  /// What the client should be told, if anything.
  var news = News.error
  /// What holds where the forecaster says nothing.
  var otherwise = Otherwise.unknown

  /// What kind of news the program gets.
  enum News: Hashable, Sendable {
    /// A call fails.
    case error
    /// The other end's FIN.
    case endOfStream
  }

  /// What is known of a case that the forecaster does not follow.
  enum Otherwise: Hashable, Sendable {
    /// Nothing.
    case unknown
    /// The program is told nothing, for this reason.
    case never(String)
    /// What the timer model says of this situation.
    case situation(Situation, Path)
  }

  /// The call that fails: what the program is in.
  var call: String { group == .connecting ? "connect" : "read" }

  /// Whether times count from the call that is in trouble: connect, or the write.
  var countsFromCall: Bool { group == .connecting || deed.hasPrefix("client types") }

  /// The failure called `name`.
  public static func named(_ name: String) -> Failure? { all.first { $0.name == name } }

  /// The failures that a list of groups and names asks for, in the catalogue's order: `idle,sending-power-off`.
  public static func chosen(by list: String) throws(Mistake) -> [Failure] {
    var wanted: Set<String> = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      let found = all.filter { $0.name == word || $0.group.rawValue == word }
      guard !found.isEmpty else {
        let groups = Group.allCases.map(\.rawValue).joined(separator: ", ")
        throw Mistake("there is no failure '\(word)'; write some of \(groups), or names that --list shows")
      }
      wanted.formUnion(found.map(\.name))
    }
    return all.filter { wanted.contains($0.name) }
  }
}
