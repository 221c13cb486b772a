import Netcat

@main enum Main {
  static func main() {
    Netcat.main(Array(Swift.CommandLine.arguments.dropFirst()))
  }
}
