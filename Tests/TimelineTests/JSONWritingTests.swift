import Testing
import Timeline

@Suite struct JSONWritingTests {
  @Test(arguments: [
    (JSON.null, "null"), (true, "true"), (false, "false"), (0, "0"), (.integer(.min), "-9223372036854775808"),
    (.number(1.5), "1.5"), (.number(1e300), "1e+300"), (.number(.infinity), "null"), (.number(.nan), "null"),
    ("x", "\"x\""), (.array([]), "[]"), (.array([1, "a", .null]), "[1,\"a\",null]"), (.object([:]), "{}"),
    (.object(["z": 1, "a": .array([.object([:])])]), "{\"z\":1,\"a\":[{}]}"),
  ])
  func everyKindOfValueIsWrittenInOneLine(value: JSON, text: String) {
    #expect(value.text == text)
  }

  @Test(arguments: [
    ("\"\\/", #""\"\\/""#), ("a\n\r\tb", #""a\n\r\tb""#), ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
    // CSI in eight bits: a terminal would take it for a command.
    ("\u{9B}31m", #""\u009b31m""#), ("é€😀", "\"é€😀\""), ("e\u{301}", "\"e\u{301}\""), ("\r\n", #""\r\n""#),
  ])
  func controlCharactersAreEscaped(value: String, text: String) throws {
    #expect(JSON.string(value).text == text)
    #expect(try JSON(text: text) == .string(value))
  }

  @Test func namesAreEscapedToo() throws {
    let value = JSON.object(["\u{1B}[2J\"": 1])
    #expect(value.text == #"{"\u001b[2J\"":1}"#)
    #expect(try JSON(text: value.text) == value)
  }
}

@Suite struct JSONObjectTests {
  @Test func membersKeepTheirOrder() {
    var object: JSONObject = ["b": 1, "a": 2]
    object["c"] = 3
    object["b"] = 4
    #expect(object.members.map(\.name) == ["b", "a", "c"])
    object["a"] = nil
    object["x"] = nil
    #expect(object.members.map(\.name) == ["b", "c"])
    #expect(object["b"] == 4)
    #expect(object["a"] == nil)
    #expect(object != ["c": 3, "b": 4])
    #expect(Set([object, ["b": 4, "c": 3]]).count == 1)
  }

  @Test func onlyWhatIsUnderstoodIsTaken() {
    var object: JSONObject = ["text": 5, "count": "x", "name": "n"]
    #expect(object.take(string: "text") == nil)
    #expect(object.take(integer: "count") == nil)
    #expect(object.take(string: "name") == "n")
    #expect(object.take(string: "missing") == nil)
    #expect(object == ["text": 5, "count": "x"])
  }

  @Test func valuesAreGivenByTheirKind() {
    #expect(JSON.integer(3).double == 3)
    #expect(JSON.number(2.5).double == 2.5)
    #expect(JSON.string("3").double == nil)
    #expect(JSON.array([1]).array == [1])
    #expect(JSON.bool(true).bool == true)
    #expect(JSON.null.object == nil)
  }
}
