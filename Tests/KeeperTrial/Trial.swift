import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import KithKeeper

struct Trial {
    let client: KeeperClient

    init(folder: String) throws {
        client = try KeeperClient(folder: folder, program: "/proc/self/exe")
    }

    /// Says the id of a job, and is killed.
    func start(_ line: String) async throws {
        var launch = Self.launch("/bin/sh", "-c", line)
        launch.isDetached = true
        let job = try await client.start(launch)
        say(job.id.text)
        _ = try await job.finished()
        while true { pause() }
    }

    // MARK: Spawning

    /// By turns: the least that this process can do itself, and the same through a keeper.
    func spawn(rounds: Int) async throws {
        _ = try await client.start(Self.launch("/bin/true")).follow(from: 0, leads: true).next()
        var (direct, kept): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            direct.append(try microseconds { try Self.runHere() })
            kept.append(try await microseconds { try await runKept() })
        }
        say(
            "direct \(Self.median(direct)) keeper \(Self.median(kept)) added \(Self.median(kept) - Self.median(direct))"
        )
    }

    private func runKept() async throws {
        let follower = try await client.lead(Self.launch("/bin/true")).leader
        while let event = try await follower.next() {
            if case .end(let end) = event, end.exit != .code(0) { exit(1) }
        }
    }

    private static func runHere() throws {
        var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard kith_pipe(&output) == 0, kith_pipe(&input) == 0 else { exit(1) }
        let handle = spawnTrue(output: output[1], error: input[1])
        for end in [output[1], input[1]] { close(end) }
        var byte: UInt8 = 0
        for end in [output[0], input[0]] {
            while read(end, &byte, 1) > 0 {}
            close(end)
        }
        var watched = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
        var (code, signal): (Int32, Int32) = (0, 0)
        while kith_wait(handle, 1, &code, &signal) == EAGAIN { poll(&watched, 1, -1) }
        close(handle)
        guard code == 0 else { exit(1) }
    }

    private static func spawnTrue(output: Int32, error: Int32) -> Int32 {
        var handle: Int32 = -1
        var process: pid_t = 0
        var word = Array("true".utf8CString)
        let failure = word.withUnsafeMutableBufferPointer { word in
            [word.baseAddress, nil].withUnsafeBufferPointer { words in
                "/bin/true".withCString { program in
                    var request = kith_spawn_request()
                    (request.program, request.arguments) = (program, words.baseAddress)
                    request.environment = words.baseAddress.map { $0 + 1 }
                    (request.input, request.output, request.error) = (-1, output, error)
                    return "/".withCString { folder in
                        request.folder = folder
                        return kith_spawn(&request, &process, &handle)
                    }
                }
            }
        }
        guard failure == 0 else { exit(1) }
        return handle
    }

    // MARK: Flowing

    func flow(mebibytes: Int) async throws {
        let bytes = mebibytes << 20
        let job = try await client.start(Self.launch("/usr/bin/head", "-c", "\(bytes)", "/dev/zero"))
        let follower = try await job.follow(from: 0, leads: true)
        var count = 0
        let time = try await microseconds {
            while let event = try await follower.next() {
                if case .output(let at, let output) = event {
                    guard at == count else { exit(1) }
                    count += output.bytes.count
                }
            }
        }
        guard count == bytes else { exit(1) }
        say("\(Int(Double(bytes) / time)) MB/s")
    }

    // MARK: Holding

    func hold(count: Int) async throws {
        var jobs: [HeldJob] = []
        for _ in 0..<count {
            jobs.append(try await client.start(Self.launch("/bin/sh", "-c", "echo here; exec sleep 1000")))
        }
        var followers: [JobFollower] = []
        for job in jobs {
            let follower = try await job.follow(from: 0, leads: true)
            _ = try await follower.next()
            followers.append(follower)
        }
        say("\(try privateKilobytes()) KiB for \(await client.runningCount) jobs")
        try await client.stopAll(grace: .seconds(5))
    }

    /// Of the keeper, which is our only child.
    private func privateKilobytes() throws -> Int {
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        let children = try tasks.map { try String(contentsOfFile: "/proc/self/task/\($0)/children", encoding: .utf8) }
        let all = try children.joined().split(separator: " ").map { child in
            let lines = try String(contentsOfFile: "/proc/\(child)/smaps_rollup", encoding: .utf8).split(
                separator: "\n")
            return lines.filter { $0.hasPrefix("Private_") }.compactMap { Int($0.split(separator: " ")[1]) }.reduce(
                0, +)
        }
        return all.max() ?? 0
    }

    // MARK: Parts

    private static func launch(_ program: String, _ arguments: String...) -> Launch {
        var generator = SystemRandomNumberGenerator()
        return Launch(
            id: .random(using: &generator), program: program, arguments: [program] + arguments,
            environment: ["PATH": "/usr/bin:/bin"], folder: "/")
    }

    private static func median(_ values: [Double]) -> Int { Int(values.sorted()[values.count / 2]) }

    private func microseconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        return start.duration(to: .now) / .microseconds(1)
    }

    private func microseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return start.duration(to: .now) / .microseconds(1)
    }

    private func say(_ line: String) {
        let line = line + "\n"
        _ = line.withCString { write(1, $0, line.utf8.count) }
    }
}
