import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

/// A folder of jobs of its own, removed at the end of the scope, and a client of its keeper.
struct Keep: Sendable {
    let folder: String
    let client: KeeperClient

    /// The keeper is in this process.
    static func with<Answer>(
        limits: KeeperLimits = .quick, _ body: (Keep) async throws -> Answer
    ) async throws -> Answer {
        try await inFolder { folder in
            let server = try await KeeperServer(folder: folder, limits: limits)
            let keep = Keep(folder: folder, client: try KeeperClient(folder: folder, program: "/proc/self/exe"))
            let answer: Answer
            do {
                answer = try await body(keep)
            } catch {
                await keep.end(server)
                throw error
            }
            await keep.end(server)
            return answer
        }
    }

    /// The keeper is a process, started by the client.
    static func withProcess<Answer>(
        limits: KeeperLimits = .quick, _ body: (Keep) async throws -> Answer
    ) async throws -> Answer {
        try await inFolder { folder in
            let keep = Keep(
                folder: folder, client: try KeeperClient(folder: folder, program: trial, limits: limits))
            let answer: Answer
            do {
                answer = try await body(keep)
            } catch {
                await keep.end(nil)
                throw error
            }
            await keep.end(nil)
            return answer
        }
    }

    /// The program that has a keeper in it; it is built beside the tests.
    static var trial: String {
        var room = [CChar](repeating: 0, count: 4096)
        let count = max(0, readlink("/proc/self/exe", &room, room.count - 1))
        let path = String(decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/KeeperTrial"
    }

    static func inFolder<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kith-keeper-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder + "/jobs")
    }

    private func end(_ server: KeeperServer?) async {
        try? await client.stopAll(grace: .milliseconds(200))
        await client.close()
        await server?.leave()
        await waitUntil { (try? Self.lock(folder)) == true }
    }

    /// Whether nobody holds the folder.
    static func lock(_ folder: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: folder) else { return true }
        close(try KeeperFolder.lock(folder))
        return true
    }

    // MARK: Jobs

    func shell(
        _ line: String, input: Launch.Input = .none, _ change: (inout Launch) -> Void = { _ in }
    ) async throws -> HeldJob {
        var launch = Self.launch(line, input: input)
        change(&launch)
        return try await client.start(launch)
    }

    static func launch(_ line: String, input: Launch.Input = .none) -> Launch {
        var generator = SystemRandomNumberGenerator()
        return Launch(
            id: .random(using: &generator), program: "/bin/sh", arguments: ["sh", "-c", line],
            environment: ["PATH": "/usr/bin:/bin"], folder: "/", input: input)
    }

    /// The names in the folder of the jobs that are jobs.
    var remembered: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { JobID($0) != nil }.sorted()
    }

    /// Bytes of files that are kept of a job.
    func bytesKept(of job: HeldJob) -> Int {
        let path = folder + "/" + job.id.text
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { name -> Int? in
            var facts = stat()
            return stat(path + "/" + name, &facts) == 0 ? Int(facts.st_size) : nil
        }.reduce(0, +)
    }

    /// The keeper's process.
    func process() throws -> Int32 {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let id = Int32(name), let words = try? Data(contentsOf: URL(filePath: "/proc/\(id)/cmdline")) else {
                continue
            }
            let text = String(decoding: words, as: UTF8.self)
            if text.contains("keeper\0--folder\0\(folder)\0") { return id }
        }
        throw KithError(.notFound, "There is no keeper.")
    }
}

/// What a follower heard.
struct Heard: Sendable, Equatable {
    var out: [UInt8] = []
    var err: [UInt8] = []
    var gaps: [Range<Int>] = []
    var next = 0
    var end: ProcessEnd?

    var text: String { String(decoding: out, as: UTF8.self) }
}

extension JobFollower {
    /// Everything to the end.
    func all() async throws -> Heard {
        var heard = Heard()
        while let event = try await next() { heard.take(event) }
        return heard
    }

    /// Takes output until this text stands in it.
    func wait(for text: String) async throws -> Heard {
        var heard = Heard()
        while !heard.text.contains(text), let event = try await next() { heard.take(event) }
        return heard
    }
}

extension Heard {
    mutating func take(_ event: JobOutputEvent) {
        switch event {
        case .output(let at, let output):
            next = at + output.bytes.count
            if output.stream == .standardOutput { out += output.bytes } else { err += output.bytes }
        case .gap(let from, let to):
            gaps.append(from..<to)
            next = to
        case .end(let end): self.end = end
        }
    }
}

/// Asks again and again until it is so; for what tells nobody when it happens, for at most 20 s.
func waitUntil(_ claim: () async -> Bool) async {
    let start = ContinuousClock.now
    while await !claim() {
        guard start.duration(to: .now) < .seconds(20) else {
            Issue.record("It did not come to pass within 20 s.")
            return
        }
        await Task.yield()
    }
}
