internal import Timeline

extension SceneBuilder {
  /// How many bars stand beside each other in a lane at most; the state map has room for all.
  private static let mostSlots = 6
  private static let mostTimers = 3
  private static let mostPrograms = 4

  /// Gives every span its place beside those that are there at the same time.
  mutating func assignTracks() {
    let states = scene.spans.filter { $0.kind == .connection }
    // A connection keeps its place through all of its states.
    var lives: [(entity: Int, from: Moment, until: Moment, isListener: Bool)] = []
    var places: [Int: Int] = [:]
    for span in states {
      guard let entity = span.entity else { continue }
      if let place = places[entity] {
        lives[place].until = max(lives[place].until, span.until)
      } else {
        places[entity] = lives.count
        lives.append((entity, span.from, span.until, span.style == TCPState.listen.rawValue))
      }
    }
    var slots: [Int: Int] = [:]
    var busy: [Int: [[(from: Moment, until: Moment)]]] = [:]
    // Connections stand nearest to the wire, listeners behind them.
    for life in lives.filter({ !$0.isListener }) + lives.filter(\.isListener) {
      guard let lane = scene.entities[life.entity].lane else { continue }
      let rows = busy[lane, default: []]
      let free = rows.firstIndex { row in
        life.isListener
          ? !row.contains { $0.from < life.until && life.from < $0.until } : (row.last?.until ?? life.from) <= life.from
      }
      guard free != nil || rows.count < SceneBuilder.mostSlots else {
        scene.crowded += 1
        continue
      }
      if let free {
        busy[lane, default: []][free].append((life.from, life.until))
      } else {
        busy[lane, default: []].append([(life.from, life.until)])
      }
      slots[life.entity] = free ?? rows.count
    }
    for (lane, rows) in busy { scene.lanes[lane].slots = rows.count }
    var timersBusy: [Int: [Moment]] = [:]
    var programs: [Int: [Int]] = [:]
    for index in scene.spans.indices {
      let span = scene.spans[index]
      guard let lane = span.lane else { continue }
      switch span.kind {
      case .connection: scene.spans[index].track = span.entity.flatMap { slots[$0] }
      case .timer:
        let rows = timersBusy[lane, default: []]
        let free = rows.firstIndex { $0 <= span.from }
        guard free != nil || rows.count < SceneBuilder.mostTimers else { continue }
        if let free { timersBusy[lane, default: []][free] = span.until } else { timersBusy[lane] = rows + [span.until] }
        scene.spans[index].track = free ?? rows.count
      case .call:
        guard let entity = span.entity else { continue }
        let known = programs[lane, default: []]
        guard known.contains(entity) || known.count < SceneBuilder.mostPrograms else { continue }
        if !known.contains(entity) { programs[lane, default: []].append(entity) }
        scene.spans[index].track = programs[lane, default: []].firstIndex(of: entity)
      case .outage: break
      }
    }
    for lane in scene.lanes.indices {
      scene.lanes[lane].timers = timersBusy[lane, default: []].count
      scene.lanes[lane].programs = programs[lane, default: []].count
    }
    if scene.crowded > 0 {
      scene.notes.append("\(scene.crowded) sockets have no bar in their lane: the state map has a row for each")
    }
  }
}
