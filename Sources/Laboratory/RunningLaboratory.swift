public import Sockets
public import Timeline

/// A laboratory while it runs one lab, as the front sees it, in whichever world that is: events come from a descriptor.
public protocol RunningLaboratory: AnyObject {
  /// What to poll for its events; `nil` once it has told everything and is gone.
  var descriptor: CInt? { get }
  /// The events that it has told since the last call; never waits.
  func read() -> [Event]
  /// The lab's present moment by the world's own clock, as far as the front can know it; `nil` before it has begun.
  var now: Moment? { get }
  /// Lines that are no event, such as the last of a laboratory that was killed in the middle of it.
  var tornLines: [String] { get }
  /// Lets go of the laboratory: it ends at once, and with it everything that it made.
  func stop()
  /// Waits for the laboratory's end, which ``read()`` has announced by a `nil` ``descriptor``, and takes its status.
  func wait() -> ProcessEnding?
  /// What a person must know of an end that is no ordinary one, such as the last words of a guest's kernel.
  var lastWords: [String] { get }
}
