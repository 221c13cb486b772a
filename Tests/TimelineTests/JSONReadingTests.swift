import Testing
import Timeline

@Suite struct JSONReadingTests {
  @Test(arguments: [
    ("null", JSON.null), ("true", true), (" false ", false), ("0", 0), ("-0", 0), ("-17", -17),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(9223372036854775808)), ("1.5", .number(1.5)), ("1e3", .number(1000)),
    ("-2.5E-3", .number(-0.0025)), ("1E+2", .number(100)), ("\"\"", ""), ("[]", .array([])), ("{}", .object([:])),
    ("[1, [2], {\"a\":null}]", .array([1, .array([2]), .object(["a": .null])])),
    ("\t{ \"b\" : 1 ,\r\n\"a\" : \"x\" } ", .object(["b": 1, "a": "x"])),
  ])
  func everyKindOfValueIsRead(text: String, value: JSON) throws {
    #expect(try JSON(text: text) == value)
  }

  @Test(arguments: [
    (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""\ud83d\ude00""#, "😀"), (#""😀""#, "😀"), (#""\u0000""#, "\0"),
    // Half a surrogate pair is no scalar.
    (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"),
  ])
  func escapesAreRead(text: String, value: String) throws {
    #expect(try JSON(text: text) == .string(value))
  }

  @Test(arguments: [
    ("", 0, "the value is missing"), ("  ", 2, "the value is missing"), ("nul", 0, "not a JSON value"),
    ("nullx", 4, "text after the value"), ("1 2", 2, "text after the value"), ("{", 1, "a member's name is missing"),
    ("{\"a\"}", 4, "':' is missing"), ("{\"a\":}", 5, "not a JSON value"), ("{\"a\":1", 6, "'}' is missing"),
    ("{\"a\":1,}", 7, "a member's name is missing"), ("{a:1}", 1, "a member's name is missing"),
    ("[1", 2, "']' is missing"), ("[1,]", 3, "not a JSON value"), ("[1 2]", 3, "']' is missing"),
    ("01", 2, "a number with a leading zero"), ("-", 1, "not a JSON value"), ("1.", 2, "not a JSON value"),
    (".5", 0, "not a JSON value"), ("+1", 0, "not a JSON value"), ("1e", 2, "not a JSON value"),
    ("1e999", 5, "a number beyond any range"), ("NaN", 0, "not a JSON value"), ("Infinity", 0, "not a JSON value"),
    ("\"a", 2, "the string has no end"), ("\"a\\", 3, "the string has no end"),
    ("\"\\x\"", 3, "an unknown escape in a string"), ("\"\n\"", 2, "a control character in a string"),
    ("\"\\u12", 5, "four hexadecimal digits are missing"), ("\"\\u+123\"", 3, "four hexadecimal digits are missing"),
    ("\"\\u12g4\"", 5, "four hexadecimal digits are missing"), ("'a'", 0, "not a JSON value"),
    ("\u{FEFF}1", 0, "not a JSON value"),
  ])
  func whatIsNotJSONIsRefusedAtItsPlace(text: String, offset: Int, message: String) {
    let error = #expect(throws: JSON.SyntaxError.self) { try JSON(text: text) }
    #expect(error?.offset == offset)
    #expect(error?.message == message)
  }

  @Test func deepNestingIsRefused() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(text: nested(101))
    let error = #expect(throws: JSON.SyntaxError.self) { try JSON(text: nested(102)) }
    #expect(error?.message == "nested deeper than 100 levels")
    #expect(throws: JSON.SyntaxError.self) { try JSON(text: String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSON.SyntaxError.self) { try JSON(text: String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test func aMemberThatIsRepeatedCountsOnceWithItsLastValue() throws {
    let object = try #require(try JSON(text: #"{"a":1,"b":2,"a":3}"#).object)
    #expect(object == ["a": 3, "b": 2])
  }

  @Test func veryManyMembersAreReadAndWritten() throws {
    let text = "{" + (0..<200_000).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
    let object = try #require(try JSON(text: text).object)
    #expect(object.members.count == 200_000)
    #expect(JSON.object(object).text == text)
  }
}
