import ArgumentParser
import Foundation
import Testing

@testable import KithCLI

/// The help of every command stands in `Golden/`; `KITH_RECORD=1` writes it anew.
struct HelpGoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    @Test(arguments: HelpGoldenTests.commands().map(\.name))
    func `the help is as it was agreed`(name: String) throws {
        let command = try #require(Self.commands().first { $0.name == name })
        let text = RootCommand.helpMessage(for: command.type, columns: 80) + "\n"
        let file = Self.folder.appending(path: name.replacing(" ", with: "-") + ".txt")

        if ProcessInfo.processInfo.environment["KITH_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }

        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test(arguments: HelpGoldenTests.commands().map(\.name))
    func `every command says what it does in a sentence`(name: String) throws {
        let command = try #require(Self.commands().first { $0.name == name })

        #expect(command.type.configuration.abstract.hasSuffix("."))
    }

    @Test func `no golden file is left behind`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".txt")
        }

        #expect(files.sorted() == Self.commands().map { $0.name.replacing(" ", with: "-") + ".txt" }.sorted())
    }

    private static func commands() -> [(name: String, type: any ParsableCommand.Type)] {
        tree(RootCommand.self, "kith")
    }

    private static func tree(_ type: any ParsableCommand.Type, _ name: String) -> [(
        name: String, type: any ParsableCommand.Type
    )] {
        [(name, type)]
            + type.configuration.subcommands.flatMap { tree($0, name + " " + ($0.configuration.commandName ?? "?")) }
    }
}
