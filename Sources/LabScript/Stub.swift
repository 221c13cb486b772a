public import Timeline
extension Script { public static func read(text: [UInt8], path: String, settings: [(name: String, value: String)]) -> ReadResult {
  var s = Script(name: "stub")
  s.network = path == "routed" ? .routed : .lan
  s.hosts = s.network == .lan ? [.init(name: "kang", address: "10.88.88.139", line: 0), .init(name: "kodos", address: "10.88.88.140", line: 0)] : [.init(name: "kang", address: "10.88.1.10", line: 0), .init(name: "kodos", address: "10.88.2.20", line: 0)]
  s.peers = [.init(name: "server", host: "kodos", command: ["nc", "-l", "8080"], line: 1), .init(name: "client", host: "kang", command: ["nc", "kodos", "8080"], line: 2)]
  s.steps = [ .init(line: 1, text: "start server", action: .start(peer: "server")),
   .init(line: 2, text: "wait listens", action: .wait(.listens(host: "kodos", port: 8080), limit: .seconds(5))),
   .init(line: 3, text: "start client", action: .start(peer: "client")),
   .init(line: 4, text: "wait est", action: .wait(.connection(host: "kang", port: nil, .state(.established)), limit: .seconds(5))),
   .init(line: 5, text: "hello", delay: .milliseconds(100), action: .types(peer: "client", text: "hello")),
   .init(line: 6, text: "prints", action: .wait(.prints(peer: "server", text: "hello"), limit: .seconds(5))),
   .init(line: 7, text: "power off kodos", delay: .milliseconds(100), action: .power(path == "reboot" ? .reboot : .off, host: "kodos")),
   .init(line: 8, text: "hello", delay: .milliseconds(100), action: .types(peer: "client", text: "hello2")),
   .init(line: 9, text: "x", action: .expect(.init(condition: .exits(peer: "client", nil), timing: .within(.seconds(3))))),
   ]
  return .script(s) } }
extension Condition { public func matches(_ event: Event) -> Bool {
 switch (self, event.body) {
 case (.prints(_, let t), .output(_, let x)): return x.contains(t)
 case (.exits, .ended): return true
 default: return false } } }
extension Diagnostic { public var rendered: String { message } }
