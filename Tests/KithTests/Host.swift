import Foundation
import Testing

/// One host of ``ThreeHosts``: a person's machine, with a daemon that may run.
struct Host: Sendable {
    let name: String
    let home: URL
    /// The script that runs a command on a host.
    let on: String
    let bench: Bench

    /// A line of `kith peers --json`.
    struct Row: Decodable, Equatable {
        var name: String
        var status: Status
    }

    /// What a host says of another.
    enum Status: String, Decodable {
        case online, connecting, offline, unpaired, pending
    }

    private struct Rows: Decodable {
        var peers: [Row]
    }

    /// Starts the daemon, with a new identity if there is none.
    func start() async throws {
        try await succeed("init")
        try await succeed("start")
    }

    /// Sets the machine up anew: the same name, another key, nobody known.
    func startAnew() async throws {
        try await succeed("stop")
        let folder = home.appendingPathComponent("kith")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "config.yaml" {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        try await start()
    }

    /// Types a command.
    func kith(_ arguments: String...) async throws -> Command.Answer {
        try await Command([on, name, "kith"] + arguments).run()
    }

    /// What `kith peers` says.
    func peers() async throws -> [Row] {
        let answer = try await kith("peers", "--json")
        return try JSONDecoder().decode(Rows.self, from: Data(answer.output.utf8)).peers
    }

    /// Watches the peers until `other` is what it should be, and says how long that took.
    @discardableResult func see(_ other: Host, _ status: Status) async throws -> Duration {
        let start = ContinuousClock.now
        let watch = "exec 3< <(exec '\(on)' \(name) kith peers watch --json)"
        let wanted = #""name":"\#(other.name)"[^{}]*"status":"\#(status.rawValue)""#
        let look = "grep -qm1 '\(wanted)' <&3; seen=$?; kill $!; exit $seen"
        let answer = try await Command(["timeout", "60", "bash", "-c", "\(watch); \(look)"]).run()
        let rows = answer.code == 0 ? [] : try await peers()
        try #require(answer.code == 0, "\(name) does not see \(other.name) \(status), but \(rows)")
        return ContinuousClock.now - start
    }

    /// Runs a command on `other`, sends it a file, fetches that again, and keeps a value there.
    func work(with other: Host) async throws {
        let peer = other.name
        #expect(try await kith("exec", peer, "--", "sh", "-c", "hostname; exit 7") == .init(7, "\(peer)\n"))
        let letter = "from \(name) to \(peer) \(UUID().uuidString)"
        try letter.write(to: file("letter"), atomically: true, encoding: .utf8)
        #expect(try await kith("send", peer, "letter", "from-\(name)").code == 0)
        #expect(try String(contentsOf: other.file("from-\(name)"), encoding: .utf8) == letter)
        #expect(try await kith("pull", peer, "from-\(name)", "returned").code == 0)
        #expect(try String(contentsOf: file("returned"), encoding: .utf8) == letter)
        try FileManager.default.removeItem(at: file("returned"))
        #expect(try await kith("context", "set", "letter/\(name)", letter, "--on", peer).code == 0)
        #expect(try await kith("context", "get", "letter/\(name)", "--on", peer).output.contains(letter))
    }

    /// Takes the cable out.
    func unplug() async throws { try await bench.netns("unplug", name) }

    /// Puts the cable back.
    func plug() async throws { try await bench.netns("plug", name) }

    /// An accident of the system's services: `restart-avahi` or `restart-dbus`.
    func suffer(_ accident: String) async throws { try await bench.netns(accident, name) }

    private func file(_ path: String) -> URL { home.appendingPathComponent("user/\(path)") }

    private func succeed(_ word: String) async throws {
        let answer = try await kith(word)
        try #require(answer.code == 0, "kith \(word) on \(name): \(answer.errors)")
    }
}
