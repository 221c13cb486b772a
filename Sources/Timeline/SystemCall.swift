/// One system call of a peer, as the peer itself or strace reported it.
public struct SystemCall: Hashable, Sendable {
  /// Whether the call was entered and may block, or has returned.
  public enum Phase: String, Hashable, Sendable {
    /// It was entered; the matching return comes in an event of its own.
    case enter
    /// It returned.
    case exit
  }

  /// What the descriptor is to the program.
  public enum Subject: String, Hashable, Sendable {
    /// The connection.
    case socket
    /// The listening socket.
    case listener
    /// Its input.
    case stdin
    /// Its output.
    case stdout
  }

  /// The call's name as in section 2 of the manual: `read`, `connect`, `poll`.
  public var name: String
  /// Whether it was entered or has returned.
  public var phase: Phase
  /// What it was called on, if on one descriptor.
  public var subject: Subject?
  /// What it returned; -1 with an ``errorName`` when it failed, absent on entry.
  public var result: Int64?
  /// The errno's name, such as `ETIMEDOUT`, when it failed.
  public var errorName: String?
  /// How long the call took, in nanoseconds, when known.
  public var took: Int64?
  /// What else the program said of it: the address, the poll events, the option's value.
  public var detail: String?

  /// A call.
  public init(
    name: String,
    phase: Phase = .exit,
    subject: Subject? = nil,
    result: Int64? = nil,
    errorName: String? = nil,
    took: Int64? = nil,
    detail: String? = nil
  ) {
    self.name = name
    self.phase = phase
    self.subject = subject
    self.result = result
    self.errorName = errorName
    self.took = took
    self.detail = detail
  }

  /// The call in strace's form: `read(socket) = -1 ETIMEDOUT`.
  public var text: String {
    let inner = [subject?.rawValue, detail].compactMap { $0 }.joined(separator: ", ")
    let head = "\(name)(\(inner))"
    guard phase == .exit else { return head + " …" }
    let end = errorName.map { " " + $0 } ?? ""
    return head + " = " + (result.map { String($0) } ?? "?") + end
  }

  /// The members of the call's JSON object, as `dnc --events` writes them and as a timeline keeps them.
  public var json: JSONObject {
    var object = JSONObject([("call", .string(name))])
    if phase == .enter { object.append("phase", .string(phase.rawValue)) }
    object.append("of", subject.map { .string($0.rawValue) })
    object.append("result", result.map { .integer($0) })
    object.append("errno", errorName.map { .string($0) })
    object.append("took", took.map { .integer($0) })
    object.append("detail", detail.map { .string($0) })
    return object
  }

  /// Takes a call's members out of `object`; `nil` if it has no `call`.
  public init?(taking object: inout JSONObject) {
    guard let name = object.take(string: "call") else { return nil }
    self.name = name
    phase = object.take("phase") { $0.string.flatMap(Phase.init) } ?? .exit
    subject = object.take("of") { $0.string.flatMap(Subject.init) }
    result = object.take(integer: "result")
    errorName = object.take(string: "errno")
    took = object.take(integer: "took")
    detail = object.take(string: "detail")
  }
}
