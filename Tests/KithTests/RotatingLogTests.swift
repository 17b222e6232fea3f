import Foundation
import KithAPI
import Logging
import Testing

@testable import KithDaemon

struct RotatingLogTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-log-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func text(_ folder: String, _ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    @Test func `five files are kept, each within its bound, and no line is cut or lost before`() throws {
        try withFolder { folder in
            let log = try RotatingLog(folder: folder, limits: .init(bytes: 100, files: 5))
            for number in 1...100 { log.write("line \(number) ...........\n") }
            let names = ["daemon.log.4", "daemon.log.3", "daemon.log.2", "daemon.log.1", "daemon.log"]
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == Set(names))
            let texts = try names.map { try text(folder, $0) }
            #expect(texts.allSatisfy { $0.utf8.count <= 100 })
            let lines = texts.joined().split(separator: "\n").map { $0.split(separator: " ")[1] }
            #expect(lines.map(String.init) == ((101 - lines.count)...100).map(String.init))
        }
    }

    @Test func `where no new file can be opened, the old ones stay as they are`() throws {
        try withFolder { folder in
            mkdir(folder + "/daemon.log.new", 0o700)
            let log = try RotatingLog(folder: folder, limits: .init(bytes: 20, files: 3))
            for number in 1...9 { log.write("line \(number) ....\n") }
            #expect(try text(folder, "daemon.log").split(separator: "\n").count == 9)
            rmdir(folder + "/daemon.log.new")
            log.write("line 10\n")
            #expect(try text(folder, "daemon.log") == "line 10\n")
            #expect(try text(folder, "daemon.log.1").hasPrefix("line 1 "))
        }
    }

    @Test func `a log that somebody removed is begun anew`() throws {
        try withFolder { folder in
            let log = try RotatingLog(folder: folder)
            log.write("one\n")
            unlink(folder + "/daemon.log")
            log.write("two\n")
            #expect(try text(folder, "daemon.log") == "two\n")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a pipe in the place of the log keeps nobody waiting`() throws {
        try withFolder { folder in
            mkfifo(folder + "/daemon.log", 0o600)
            #expect(throws: KithError.self) { try RotatingLog(folder: folder) }
        }
    }

    @Test func `a log of an earlier daemon goes on, and is private`() throws {
        try withFolder { folder in
            try RotatingLog(folder: folder, limits: .init(bytes: 100, files: 2)).write("one\n")
            try RotatingLog(folder: folder, limits: .init(bytes: 100, files: 2)).write("two\n")
            #expect(try text(folder, "daemon.log") == "one\ntwo\n")
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/daemon.log")[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test func `a changed level is true for every logger at once`() throws {
        try withFolder { folder in
            let threshold = LogThreshold(.warning)
            let logger = Logger.kith(threshold, to: try RotatingLog(folder: folder))
            logger.info("hidden")
            threshold.set(.debug)
            logger.debug("a fact\nof two lines", metadata: ["key": "value"])
            #expect(try text(folder, "daemon.log").hasSuffix("debug a fact\\u{a}of two lines key=value\n"))
            #expect(try !text(folder, "daemon.log").contains("hidden"))
        }
    }
}
