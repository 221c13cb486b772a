import Testing

@testable import VirtualTime

/// What a guest's console says at the end.
@Suite struct ConsoleTextTests {
  private static let crash = """
    [   64.010000] halfopen: something before
    [   64.011000] first
    [   64.011871] sysrq: Trigger a crash\r
    [   64.011883] Kernel panic - not syncing: sysrq triggered crash\r
    [   64.011900] CPU: 0 PID: 130 Comm: sh Not tainted 6.1.0-56-cloud-amd64 #1
    [   64.011952] Call Trace:
    [   64.012173] Kernel Offset: disabled

    """

  @Test func thePanicsReasonIsFoundAboveTheRegisters() {
    let console = ConsoleText(Self.crash)
    #expect(console.panic == "the guest's kernel panicked: 'sysrq triggered crash'")
    #expect(console.end.count == 4)
    #expect(console.end.last == "[   64.011883] Kernel panic - not syncing: sysrq triggered crash")
  }

  @Test func wantOfMemoryIsCalledSo() {
    let console = ConsoleText(
      "[ 65.5] Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled\n"
    )
    #expect(console.panic == "the guest ran out of memory: 'Out of memory: system-wide panic_on_oom is enabled'")
  }

  @Test func withoutAPanicTheLastLinesStand() {
    let console = ConsoleText((1...20).map { "line \($0)\u{1}\n" }.joined() + "\n" + String(repeating: "x", count: 500))
    #expect(console.panic == nil)
    #expect(console.end.count == 12)
    #expect(console.end.first == "line 10")
    #expect(console.end.last?.count == 160)
  }

  @Test func anEmptyConsoleSaysNothing() { #expect(ConsoleText("").end.isEmpty) }
}
