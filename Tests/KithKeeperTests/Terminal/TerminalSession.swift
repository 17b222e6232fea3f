import FoundationEssentials
import Glibc
import KithAPI

@testable import KithKeeper

/// A keeper in this process, in a folder of its own.
enum KeeperFixture {
    static func with(
        grace: Duration = KeeperLimits.quick.grace, _ body: (KeeperClient) async throws -> Void
    ) async throws {
        let folder =
            FileManager.default.temporaryDirectory.path + "/kith-terminal-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        mkdir(folder, 0o700)
        let (left, leaving) = AsyncStream.makeStream(of: Never.self)
        let server = try await start(folder, grace) { leaving.finish() }
        defer { withExtendedLifetime(server) {} }
        let client = try KeeperClient(folder: folder, program: "/proc/self/exe")
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(client))
        } catch {
            outcome = .failure(error)
        }
        try await client.stopAll(grace: .zero)
        await client.close()
        for await _ in left {}
        try outcome.get()
    }

    @OnLoop private static func start(
        _ folder: String, _ grace: Duration, onLeave: @escaping @OnLoop @Sendable () -> Void
    ) throws -> KeeperServer {
        var limits = KeeperLimits.quick
        limits.grace = grace
        return try KeeperServer(folder: folder, limits: limits, onLeave: onLeave)
    }
}

/// A client of a terminal, with a screen of its own.
final class TerminalSession {
    let job: HeldJob
    let screen: Screen
    let attachment: TerminalAttachment
    private(set) var end: ProcessEnd?

    /// Starts a command in a terminal and joins it.
    init(_ command: [String], _ size: TerminalSize, in keeper: KeeperClient) async throws {
        var generator = SystemRandomNumberGenerator()
        var launch = Launch(
            id: .random(using: &generator), program: "/usr/bin/env", arguments: ["env"] + command,
            environment: [
                "TERM": "xterm-256color", "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp",
            ],
            folder: "/", input: .open)
        launch.terminal = size
        launch.isDetached = true
        job = try await keeper.start(launch)
        attachment = try await job.attach(size)
        screen = try Self.screen(size)
    }

    /// Joins a terminal.
    init(joining job: HeldJob, _ size: TerminalSize, isReadOnly: Bool = false) async throws {
        self.job = job
        attachment = try await job.attach(size, isReadOnly: isReadOnly)
        screen = try Self.screen(size)
    }

    func type(_ text: String) async throws { try await attachment.write(Array(text.utf8)) }

    /// Reads until `text` stands on the screen.
    func shows(_ text: String) async throws { try await wait { $0.text.contains { $0.contains(text) } } }

    /// Reads until the screen is as wanted, answering for the terminal what the program asks it.
    func wait(_ isWanted: (Screen) -> Bool) async throws {
        while !isWanted(screen) {
            guard let event = try await attachment.next() else { throw KithError.linkLost("The terminal hung up.") }
            switch event {
            case .output(let bytes):
                for question in screen.feed(bytes).questions { try await attachment.write(question.answer) }
            case .end(let end):
                self.end = end
                if !isWanted(screen) { throw KithError(.conflict, "The terminal ended: \(screen.text)") }
            }
        }
    }

    /// Reads to the end.
    func finish() async throws -> ProcessEnd {
        while let event = try await attachment.next() {
            switch event {
            case .output(let bytes): _ = screen.feed(bytes)
            case .end(let end): return end
            }
        }
        throw KithError.linkLost("The terminal hung up.")
    }

    private static func screen(_ size: TerminalSize) throws -> Screen {
        guard let screen = Screen(size) else { throw KithError(.internalError, "No memory.") }
        return screen
    }
}
