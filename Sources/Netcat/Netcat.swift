import CommandLine
import Glibc
import Sockets
import Timeline

/// The program dnc: options in, exit status out.
///
/// A room of its own, so that a guest in virtual time has both programs in one file: there code that has run once costs
/// little, and code of a second file begins from nothing.
public enum Netcat {
  /// What the program is called.
  public static let name = "dnc"
  static let version = "dnc 0.1"

  /// Does what `arguments`, without the program's own name, ask for, and exits.
  public static func main(_ arguments: [String]) -> Never {
    FileIO.openMissingStandardDescriptors()
    Signal.ignoreBrokenPipes()
    exit(run(arguments))
  }

  private static func run(_ arguments: [String]) -> CInt {
    var settings = Settings()
    do throws(UsageError) {
      switch try Settings.options.parse(arguments, into: &settings) {
      case .help:
        Console.print(Settings.options.help)
        return 0
      case .version:
        Console.print(version + "\n")
        return 0
      case .run(let operands): try settings.take(operands: operands)
      }
    } catch {
      Console.complain(error.description)
      Console.advise(Settings.options.hint)
      return 2
    }
    let log = Log(timestamps: settings.isQuiet || settings.isRepl ? nil : settings.timestamps ?? .utc)
    let events = EventWriter(descriptor: eventsDescriptor(settings), answers: settings.isRepl)
    let opening = Opening(settings: settings, events: events, log: log)
    if settings.isRepl {
      var repl = Repl(opening)
      return repl.run() ? 0 : 2
    }
    do throws(Failure) {
      try converse(opening)
      return 0
    } catch {
      error.report(log: log)
      return 1
    }
  }

  private static func converse(_ opening: Opening) throws(Failure) {
    guard opening.settings.listens else { return try carry(try opening.connect(), opening) }
    let listener = try opening.listen()
    let socket = try opening.accept(from: listener)
    // A demonstration keeps its port, and shows what becomes of those who wait; a pipe serves one and turns the rest
    // away.
    if opening.settings.isQuiet { try opening.events.close(listener, .listener) }
    try carry(socket, opening)
  }

  private static func carry(_ socket: consuming TCPSocket, _ opening: Opening) throws(Failure) {
    let (settings, events, log) = (opening.settings, opening.events, opening.log)
    if !settings.usesPoll {
      try BlockingLoop(settings: settings, events: events, log: log).run(socket)
    } else if settings.isQuiet {
      var loop = PipeLoop(settings: settings, events: events, socket: socket)
      try loop.run(socket)
    } else {
      var loop = DemoLoop(settings: settings, events: events, log: log)
      try loop.run(socket)
    }
  }

  /// Where events go: to the option's descriptor or, if it is open here, to the one that the environment names.
  private static func eventsDescriptor(_ settings: Settings) -> CInt? {
    if let descriptor = settings.eventsDescriptor { return descriptor }
    guard let text = unsafe getenv("DNC_EVENTS").map({ unsafe String(cString: $0) }), let number = CInt(text),
      FileIO.isOpen(number)
    else { return nil }
    return number
  }
}
