import Sockets
import Testing

/// `halfopen run --virtual --kernel all`: the kernels of two major versions.
@Suite(.enabled(if: GuestKernels.haveTwo, "needs QEMU and two kernels: make deps-virtual kernels"))
struct KernelComparisonTests {
  @Test func aSynIsRepeatedLongerSince6_5() throws {
    let lab = "\(Program.repository)/labs/connecting/syn-timeout.lab"
    let outcome = try Program.run(
      [Program.halfopen, "run", "--virtual", "--kernel", "all", lab],
      environment: ["XDG_CACHE_HOME=" + GuestKernels.cache]
    )
    #expect(outcome.status == .exited(0), "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("PASS  syn-timeout on Linux 6.1."))
    #expect(outcome.output.contains("PASS  syn-timeout on Linux 6.12."))
    #expect(outcome.output.contains("Answers that differ: "))
    // Six repetitions before, ten since.
    #expect(outcome.output.contains("6 retransmissions") && outcome.output.contains("10 retransmissions"))
  }
}
