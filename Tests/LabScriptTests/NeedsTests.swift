import LabScript
import Sockets
import Testing

/// What a lab needs and brings along: packages, files, and programs that do not run as root.
@Suite struct NeedsTests {
  @Test func packagesAreListedWithCommasAndBlanks() throws {
    let lab = lab("kill client", declarations: "needs postgresql, pgbouncer redis-tools,curl\nneeds \"ruby-pg\"")
    #expect(try script(lab).needs == ["postgresql", "pgbouncer", "redis-tools", "curl", "ruby-pg"])
  }

  @Test func aSlipIsToldAndAnUnknownPackageIsBelieved() throws {
    #expect(mistakes(lab("kill client", declarations: "needs pgbounser")) == ["5:7: unknown package 'pgbounser'"])
    #expect(try script(lab("kill client", declarations: "needs \"pgbounser\"")).needs == ["pgbounser"])
    #expect(try script(lab("kill client", declarations: "needs haproxy")).needs == ["haproxy"])
  }

  @Test func packagesOfTheLabAreThoseOfItsProgramsToo() throws {
    let declarations = """
      needs     postgresql
      peer      database on kodos as user: postgres -D data
      peer      asker on kang: traced /usr/bin/psql -h kodos
      """
    let script = try script(lab("start database\nstart asker", declarations: declarations))
    #expect(script.packages == ["postgresql", "postgresql-client", "strace"])
    #expect(script.peers.map(\.isUnprivileged) == [false, false, true, false])
    #expect(script.peers.map(\.isTraced) == [false, false, false, true])
  }

  @Test func aFilesTextsAreItsLines() throws {
    let declarations = """
      parameter port = 6379
      file      redis.conf on kodos:
                "port $port" 'dir "$HOME"'
                "a\\tb"
      """
    let file = try #require(try script(lab("kill client", declarations: declarations)).files.first)
    #expect(file.host == "kodos" && file.name == "redis.conf")
    #expect(file.text == "port 6379\ndir \"$HOME\"\na\tb\n")
  }

  @Test func everyKnownPackageHasAProgram() {
    for package in Set(DebianPackages.ofProgram.values) { #expect(!DebianPackages.programs(of: package).isEmpty) }
    #expect(DebianPackages.programs(of: "haproxy").isEmpty)
  }

  /// `make deps-all` installs what every lab needs.
  @Test func theMakefileInstallsThePackagesOfEveryLab() throws {
    func labs(in folder: String) throws -> [String] {
      try FileIO.names(in: folder).flatMap { name -> [String] in
        if FileIO.isDirectory("\(folder)/\(name)") { return name == "broken" ? [] : try labs(in: "\(folder)/\(name)") }
        return name.hasSuffix(".lab") ? ["\(folder)/\(name)"] : []
      }
    }
    let makefile = String(decoding: try FileIO.contents(of: BrokenLabTests.root + "/Makefile"), as: UTF8.self)
      .replacing("\\\n", with: " ")
    let line = try #require(makefile.split(separator: "\n").first { $0.hasPrefix("LAB_PACKAGES := ") })
    let installed = Set(line.split(separator: " ").dropFirst(2).map(String.init))
    for path in try labs(in: BrokenLabTests.root + "/labs") {
      let text = String(decoding: try FileIO.contents(of: path), as: UTF8.self)
      for package in try script(text).packages { #expect(installed.contains(package), "\(path) needs \(package)") }
    }
  }
}
