internal import Sockets

/// The memory that the guest and this program share, and how they use it: jobs in, one after the other, and a
/// stream of frames out.
///
/// To the guest it is the memory of a PCI device (ivshmem), so nothing in the guest ever waits for the host: a frame is
/// written, and a byte on the debug console rings. The stream goes round in a ring; when it is full the guest spins
/// until this program has read, which its clock counts as it counts every instruction.
struct Mailbox {
  /// The size of the memory: a power of two, as a PCI device's must be.
  static let size = 1 << 25
  /// How long a job may be, in bytes.
  static let jobCapacity = streamStart - jobStart

  private static let jobStart = 4096
  private static let streamStart = 1 << 23
  private static let streamSize = size - streamStart

  // The words at its beginning.
  private static let jobNumberWord = 0
  private static let jobLengthWord = 4
  private static let producedWord = 8
  private static let consumedWord = 12

  let memory: SharedMemory

  // MARK: The job

  /// Puts a job in: the guest sees it at its next look.
  ///
  /// - Parameter number: Which of the guest's jobs it is; the first is 1.
  func post(_ job: [UInt8], number: Int) {
    memory.put(job[...], at: Mailbox.jobStart)
    memory.setWord(UInt32(job.count), at: Mailbox.jobLengthWord)
    memory.setWord(UInt32(number), at: Mailbox.jobNumberWord)
  }

  /// The job with this number, once it is there.
  func job(number: Int) -> [UInt8]? {
    guard memory.word(at: Mailbox.jobNumberWord) == UInt32(number) else { return nil }
    let length = Int(memory.word(at: Mailbox.jobLengthWord))
    return memory.bytes(at: Mailbox.jobStart, count: min(length, Mailbox.jobCapacity))
  }

  // MARK: The stream

  /// Writes as much of `bytes` as there is room for, and returns how many those were.
  func write(_ bytes: ArraySlice<UInt8>) -> Int {
    let produced = memory.word(at: Mailbox.producedWord)
    let used = produced &- memory.word(at: Mailbox.consumedWord)
    let count = min(bytes.count, Mailbox.streamSize - Int(used))
    let start = Int(produced) % Mailbox.streamSize
    let first = min(count, Mailbox.streamSize - start)
    memory.put(bytes.prefix(first), at: Mailbox.streamStart + start)
    memory.put(bytes.dropFirst(first).prefix(count - first), at: Mailbox.streamStart)
    memory.setWord(produced &+ UInt32(count), at: Mailbox.producedWord)
    return count
  }

  /// Takes what has been written since the last call.
  func read() -> [UInt8] {
    let consumed = memory.word(at: Mailbox.consumedWord)
    let count = min(Int(memory.word(at: Mailbox.producedWord) &- consumed), Mailbox.streamSize)
    guard count > 0 else { return [] }
    let start = Int(consumed) % Mailbox.streamSize
    let first = min(count, Mailbox.streamSize - start)
    let bytes =
      memory.bytes(at: Mailbox.streamStart + start, count: first)
      + memory.bytes(at: Mailbox.streamStart, count: count - first)
    memory.setWord(consumed &+ UInt32(count), at: Mailbox.consumedWord)
    return bytes
  }
}
