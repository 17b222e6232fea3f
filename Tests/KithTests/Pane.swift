import Foundation
import Testing

/// A terminal of 80×24 on a host, in a tmux of its own, with somebody who types and looks.
struct Pane: Sendable {
    /// Whether this machine has what it takes.
    static let canBeMade = Command(["sh", "-c", "command -v tmux && command -v vim && command -v htop"]).succeeds

    private let host: Host
    private let socket: String

    /// Starts `line` in a shell of `host`, in a window of 80×24; what it leaves behind ends with the host.
    init(_ line: String, on host: Host, columns: Int = 80, rows: Int = 24) async throws {
        self.host = host
        socket = "kith-\(UUID().uuidString.prefix(8))"
        let type = [
            "-f", "/dev/null", "start-server", ";", "set-option", "-g", "default-terminal", "tmux-256color", ";",
        ]
        let session = ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)"]
        try await tmux(type + session + ["sh", "-c", "\(line); echo left $?; exec sleep 1000"])
    }

    /// Presses keys, as tmux names them.
    func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// Types text as it is.
    func type(_ text: String) async throws { try await tmux(["send-keys", "-l", text]) }

    /// What stands on the screen, with its colours.
    func picture() async throws -> String { try await tmux(["capture-pane", "-p", "-e"]) }

    /// What stands on the screen.
    func text() async throws -> String { try await tmux(["capture-pane", "-p"]) }

    /// Where the cursor is.
    func cursor() async throws -> String {
        try await tmux(["display-message", "-p", "#{cursor_x},#{cursor_y} #{alternate_on}"])
    }

    /// Gives the window another size.
    func resize(columns: Int, rows: Int) async throws {
        try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// Looks until the screen is as it should be, and says what stands there.
    ///
    /// It looks again and again: tmux tells of what is drawn only to a client in control mode, which would take part in
    /// deciding the size of the window.
    @discardableResult
    func shows(_ what: String, _ isRight: (String) -> Bool) async throws -> String {
        let start = ContinuousClock.now
        var text = try await text()
        while !isRight(text) {
            try #require(ContinuousClock.now - start < .seconds(30), "\(host.name) does not show \(what):\n\(text)")
            try await Task.sleep(for: .milliseconds(50))
            text = try await self.text()
        }
        return text
    }

    /// Looks until `text` stands there.
    @discardableResult
    func shows(_ text: String) async throws -> String { try await shows(text) { $0.contains(text) } }

    /// The server that tmux leaves behind must not hold by what Foundation notices the end of a process.
    private static let alone = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:], close_fds=True))"

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let words = [host.on, host.name, "env", "-u", "TMUX", "tmux", "-L", socket] + arguments
        let answer = try await Command(["python3", "-c", Self.alone] + words).run()
        try #require(answer.code == 0, "tmux \(arguments): \(answer.errors)")
        return answer.output
    }
}
