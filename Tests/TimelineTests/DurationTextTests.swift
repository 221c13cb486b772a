import Testing
import Timeline

@Suite struct DurationTextTests {
  @Test(arguments: [
    (0, "0s"), (900, "900ns"), (120_000, "120us"), (1_000_000, "1ms"), (250_000_000, "250ms"), (9_000_000_000, "9s"),
    (96_000_000_000, "1m36s"), (938_500_000_000, "15m38.500s"), (7_875_000_000_000, "2h11m15s"),
    (3_600_000_000_000, "1h"), (-1_000_000_000, "-1s"), (999_999_999, "1s"),
  ])
  func isWrittenAsPeopleWriteIt(nanoseconds: Int64, text: String) {
    #expect(Duration.nanoseconds(nanoseconds).text == text)
  }

  @Test(arguments: [
    ("9s", 9_000_000_000), ("1200ms", 1_200_000_000), ("2m", 120_000_000_000), ("1.5s", 1_500_000_000),
    ("1m30s", 90_000_000_000), ("0s", 0), ("15m38.5s", 938_500_000_000), ("1d", 86_400_000_000_000),
  ])
  func isReadWithItsUnit(text: String, nanoseconds: Int64) throws {
    #expect(try Duration(text: text) == .nanoseconds(nanoseconds))
  }

  @Test(arguments: [
    ("9", Duration.TextError.missingUnit(number: "9")), ("", .malformed), ("s", .malformed), ("9 s", .malformed),
    ("1m30", .malformed), ("1..5s", .malformed), ("-1s", .malformed), ("9x", .malformed), ("9.s", .malformed),
    ("999999999999999999999s", .tooLong), ("300000d", .tooLong), ("9223372036s9223372036s", .tooLong),
  ])
  func isRefusedOtherwise(text: String, error: Duration.TextError) {
    #expect(throws: error) { try Duration(text: text) }
  }

  @Test(arguments: [
    (939_231_499_000, 3, "939.231"), (939_231_500_000, 3, "939.232"), (25_483_000_000, 1, "25.5"), (5, 3, "0.000"),
    (1_500_000_000, 0, "2"), (-1_500_000, 3, "-0.002"), (12, 9, "0.000000012"),
  ])
  func hasDecimals(nanoseconds: Int64, digits: Int, text: String) {
    #expect(Duration.nanoseconds(nanoseconds).seconds(digits: digits) == text)
  }
}
