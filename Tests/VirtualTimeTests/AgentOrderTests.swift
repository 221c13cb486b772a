import Testing

@testable import Laboratory

@Suite struct AgentOrderTests {
  @Test(arguments: [
    AgentOrder.become(host: "kang", setup: "{\"script\":\"a\\nb\"}"),
    .tellClock, .rehearse, .start(peer: "client"), .type(peer: "client", text: "kodos, \"are\"\nyou there?"),
    .endInput(peer: "client"), .signal(name: "SIGINT", peer: "server"), .look, .shutDown,
  ])
  func anOrderSurvivesTheLine(order: AgentOrder) {
    #expect(!order.line.contains("\n"))
    #expect(AgentOrder(line: order.line) == order)
  }

  @Test(arguments: ["", "{}", "[]", #"{"order":"start"}"#, #"{"order":"signal","peer":"a"}"#, #"{"order":"become"}"#])
  func otherLinesAreNoOrders(line: String) {
    #expect(AgentOrder(line: line) == nil)
  }

  @Test(arguments: [
    AgentAnswer.listening, .clock(now: 5, origin: .max), .hasRehearsed, .isDown, .failed("the \"lo\" link"),
  ])
  func anAnswerSurvivesTheLine(answer: AgentAnswer) {
    #expect(AgentAnswer(line: answer.line) == answer)
  }

  @Test(arguments: ["", #"{"t":1,"kind":"note"}"#, #"{"answer":"clock"}"#, #"{"answer":"x"}"#])
  func otherLinesAreNoAnswers(line: String) {
    #expect(AgentAnswer(line: line) == nil)
  }
}
