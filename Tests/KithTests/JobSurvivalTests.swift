import Foundation
import Testing

/// Jobs and their clients while the daemon dies: with the real programs.
struct JobSurvivalTests {
    private static let count = 300
    /// Says each number, 10 ms apart; tells of every hundredth through a named pipe.
    private static let counter = """
        i=0; while [ $i -lt \(count) ]; do i=$((i+1)); echo $i; [ $((i % 100)) = 0 ] && echo $i > mark$i; sleep 0.01
        done; exit 7
        """
    private static let sequence = (1...count).map { "\($0)\n" }.joined()

    /// Waits until the job writes to a named pipe.
    private func mark(_ node: RealNode, _ number: Int) async throws {
        let answer = try await Command(["cat", node.folder.path + "/user/mark\(number)"]).run()
        #expect(answer.output == "\(number)\n")
    }

    /// Follows with a client that tells through a named pipe when it hears something: from then on it is connected, and
    /// has to come through whatever happens to the daemon.
    private func follow(_ number: Int, _ words: String, of node: RealNode) async throws -> Command.Answer {
        let tell = "{ read -r line; echo \"$line\"; echo \(number) > \"$HOME/heard\(number)\"; cat; }"
        return try await node.shell("exec bash -o pipefail -c 'kith \(words) | \(tell)'")
    }

    private func hear(_ node: RealNode, _ number: Int) async throws {
        let answer = try await Command(["cat", node.folder.path + "/user/heard\(number)"]).run()
        #expect(answer.output == "\(number)\n")
    }

    @Test(.timeLimit(.minutes(3)))
    func `every client has the whole output, though the daemon is killed twice`() async throws {
        try await RealNode.with { node in
            for number in [100, 200, 300] { mkfifo(node.folder.path + "/user/mark\(number)", 0o600) }
            for number in 1...3 { mkfifo(node.folder.path + "/user/heard\(number)", 0o600) }
            let started = try await node.kith("exec", ".", "--detach", "--", "sh", "-c", Self.counter)
            let job = started.output.trimmingCharacters(in: .newlines)
            try #require(started.code == 0 && job.hasPrefix("j"), "\(started)")
            async let first = follow(1, "logs -f \(job)", of: node)
            async let second = follow(2, "attach \(job)", of: node)
            async let third = follow(3, "logs --follow \(job.prefix(8))", of: node)
            async let code = node.kith("wait", job)
            for number in 1...3 { try await hear(node, number) }

            try await mark(node, 100)
            try await node.crash()
            try await mark(node, 200)
            try await node.crash()
            try await mark(node, 300)

            let answers = try await [first, second, third]
            #expect(answers.map(\.output) == Array(repeating: Self.sequence, count: 3), "\(answers)")
            #expect(answers.map(\.code) == [0, 7, 0])
            #expect(try await code.code == 7)
            #expect(try await node.kith("logs", job).output == Self.sequence)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a command in the foreground goes on exactly where it stopped`() async throws {
        try await RealNode.with { node in
            for number in [100, 200, 300] { mkfifo(node.folder.path + "/user/mark\(number)", 0o600) }
            async let answer = node.kith("exec", ".", "--", "sh", "-c", Self.counter)
            try await mark(node, 100)
            try await node.crash()
            try await mark(node, 200)
            try await mark(node, 300)
            #expect(try await answer.output == Self.sequence)
            #expect(try await answer.code == 7)
            #expect(try await answer.errors.contains("Connected to this node again."))
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a stopped daemon leaves commands running, unless told otherwise`() async throws
    {
        try await RealNode.with { node in
            let job = try await node.kith("exec", ".", "--detach", "--", "sleep", "100").output
                .trimmingCharacters(in: .newlines)
            try await node.kith("restart")
            let before = try await node.kith("jobs")
            #expect(before.output.contains(job))
            try await node.kith("stop", "--jobs")
            try await node.kith("start")
            let after = try await node.kith("wait", job)
            #expect(after.code == 143)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `a daemon takes all descriptors it may have, and its commands what is usual`()
        async throws
    {
        try await RealNode.with { node in
            try await node.kith("stop", "--jobs")
            let start = try await Command(["prlimit", "--nofile=900:9000"] + node.line(["start"])).run()
            try #require(start.code == 0, "\(start)")
            let line = "ulimit -Sn; grep 'open files' /proc/$(cat \"$1\")/limits"
            let answer = try await node.kith(
                "exec", ".", "--", "sh", "-c", line, "sh", node.folder.path + "/kith/lock")
            let words = answer.output.split(whereSeparator: \.isWhitespace)
            #expect(words == ["900", "Max", "open", "files", "9000", "9000", "files"])
        }
    }
}
