import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct DamageTests {
    /// A folder of jobs with one ended job in it that wrote `text`.
    private func withEnded(_ text: String, _ body: (String, JobID) async throws -> Void) async throws {
        try await Keep.inFolder { folder in
            let id = try await Self.leave(text, in: folder)
            try await body(folder, id)
        }
    }

    private static func leave(_ text: String, in folder: String) async throws -> JobID {
        let server = try await KeeperServer(folder: folder, limits: .quick)
        let client = try KeeperClient(folder: folder, program: "/proc/self/exe")
        var launch = Keep.launch("printf '\(text)'")
        launch.isDetached = true
        let job = try await client.start(launch)
        _ = try await job.finished()
        await client.close()
        await server.leave()
        return job.id
    }

    private func follow(_ id: JobID, in folder: String) async throws -> (heard: Heard, record: JobRecord?) {
        let server = try await KeeperServer(folder: folder, limits: .quick)
        let client = try KeeperClient(folder: folder, program: "/proc/self/exe")
        let record = try await client.jobs().first { $0.id == id }
        var heard = Heard()
        if let follower = try await client.job(id)?.follow(from: 0, leads: false) {
            do {
                while let event = try await follower.next() { heard.take(event) }
            } catch let error as KithError {
                #expect(error.code == .jobLost)
            }
        }
        await client.close()
        await server.leave()
        return (heard, record)
    }

    private func segment(of id: JobID, in folder: String) throws -> String {
        let path = folder + "/" + id.text
        let name = try FileManager.default.contentsOfDirectory(atPath: path).first { $0.hasPrefix("output-") }
        return path + "/" + (try #require(name))
    }

    @Test func `a record that was cut is a gap to the end`() async throws {
        try await withEnded("0123456789") { folder, id in
            #expect(truncate(try segment(of: id, in: folder), 9) == 0)
            let heard = try await follow(id, in: folder).heard
            #expect(heard.out == [])
            #expect(heard.gaps == [0..<10])
            #expect(heard.end?.exit == .code(0))
        }
    }

    @Test(
        arguments: [
            [9, 0, 0, 0, 1, 65], [1, 255, 255, 255, 255, 65], [1, 0, 0, 0, 0], [4, 0, 0, 0, 2, 123, 125],
            [1, 0, 0, 0], [UInt8](repeating: 255, count: 100_000),
        ] as [[UInt8]])
    func `what is no record is not sent`(bytes: [UInt8]) async throws {
        try await withEnded("0123456789") { folder, id in
            let path = try segment(of: id, in: folder)
            let kept: [UInt8] = [1, 0, 0, 0, 4] + Array("0123".utf8)
            try Data(kept + bytes).write(to: URL(filePath: path))
            let heard = try await follow(id, in: folder).heard
            #expect(heard.text == "0123")
            #expect(heard.gaps == [4..<10])
        }
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "null", "{\"end\":{\"code\":\"x\"}}", String(repeating: "[", count: 300_000),
    ])
    func `files that make no sense leave a job that is lost, or none`(text: String) async throws {
        try await withEnded("0123456789") { folder, id in
            for name in ["meta", "end"] {
                try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(id)/\(name)"))
            }
            let (heard, record) = try await follow(id, in: folder)
            #expect(record == nil || record?.state == .lost)
            #expect(heard.text == "0123456789" || heard.text == "")
        }
    }

    @Test func `foreign things in the folder are left alone`() async throws {
        try await withEnded("0123456789") { folder, id in
            try Data("x".utf8).write(to: URL(filePath: folder + "/notes.txt"))
            mkdir("\(folder)/\(id)/output-xyz", 0o700)
            symlink("/etc/passwd", "\(folder)/\(id)/output-0000000000000010")
            mkfifo("\(folder)/\(id)/output-0000000000000099", 0o600)
            let heard = try await follow(id, in: folder).heard
            #expect(heard.text == "0123456789")
            #expect(FileManager.default.fileExists(atPath: folder + "/notes.txt"))
        }
    }

    @Test func `a link in place of the lock is refused`() async throws {
        try await Keep.inFolder { folder in
            mkdir(folder, 0o700)
            symlink("/etc/passwd", folder + "/keeper.lock")
            let error = await failure { try await KeeperServer(folder: folder, limits: .quick) }
            #expect(error?.code == .filePermission)
        }
    }

    @Test func `old jobs and those that are too many are forgotten`() async throws {
        try await Keep.inFolder { folder in
            var limits = KeeperLimits.quick
            limits.remembered = 5
            let server = try await KeeperServer(folder: folder, limits: limits)
            let keep = Keep(folder: folder, client: try KeeperClient(folder: folder, program: "/proc/self/exe"))
            var ids: [JobID] = []
            for _ in 0..<8 {
                let job = try await keep.shell("true") { $0.isDetached = true }
                _ = try await job.finished()
                ids.append(job.id)
            }
            await waitUntil { keep.remembered == ids.suffix(5).map(\.text).sorted() }
            await keep.client.close()
            await server.leave()
            limits.retention = .zero
            let next = try await KeeperServer(folder: folder, limits: limits)
            #expect(keep.remembered == [])
            await next.leave()
        }
    }

    @Test(.enabled(if: geteuid() == 0, "a small disk can only be mounted by root"))
    func `a full disk costs output, never the job`() async throws {
        try await Keep.inFolder { folder in
            mkdir(folder, 0o700)
            try #require(mount("tmpfs", folder, "tmpfs", 0, "size=256k,mode=700") == 0)
            defer { umount2(folder, Int32(MNT_DETACH)) }
            let server = try await KeeperServer(folder: folder, limits: .quick)
            let keep = Keep(folder: folder, client: try KeeperClient(folder: folder, program: "/proc/self/exe"))
            var launch = Keep.launch("yes 0123456789 | head -c 11000000")
            launch.isDetached = true
            let (job, leader) = try await keep.client.lead(launch)
            let led = try await leader.all()
            #expect(led.out.count == 11_000_000)
            #expect(led.gaps == [])
            #expect(led.end?.exit == .code(0))
            let late = try await job.follow(from: 0, leads: false).all()
            #expect(late.next == 11_000_000)
            #expect(late.gaps.reduce(0) { $0 + $1.count } + late.out.count == 11_000_000)
            #expect(!late.gaps.isEmpty)
            await keep.client.close()
            await server.leave()
        }
    }
}

/// Connections that do not behave.
@Suite struct HostileClientTests {
    private static func raw(_ folder: String) throws -> Int32 {
        let place = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(place) }
        let descriptor = kith_connect(place, "keeper.sock")
        try #require(descriptor >= 0)
        return descriptor
    }

    /// Sends bytes and reads until the keeper hangs up, or has nothing to say.
    private static func talk(_ bytes: [UInt8], in folder: String, patience: Int32 = 200) throws -> [UInt8] {
        let descriptor = try raw(folder)
        defer { close(descriptor) }
        _ = bytes.withUnsafeBytes { kith_send(descriptor, $0.baseAddress, $0.count) }
        var said: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65_536)
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, patience) > 0 {
            let count = read(descriptor, &room, room.count)
            guard count > 0 else { break }
            said += room[..<count]
        }
        return said
    }

    private static func open(_ json: String) -> [UInt8] {
        let frame = Frame(.open, Array(json.utf8))
        return frame.header + frame.payload
    }

    @Test(
        arguments: [
            [255], [1, 0, 0, 0, 1, 0], [0, 255, 255, 255, 255], [0, 0, 0, 0, 2, 123], [4, 0, 0, 0, 0],
            open("{}"), open("[]"), open("{\"ask\":\"dance\",\"version\":1}"),
            open("{\"ask\":\"hello\",\"version\":9}"),
            open("{\"ask\":\"follow\",\"version\":1}"),
            open("{\"ask\":\"follow\",\"version\":1,\"job\":\"../../etc\"}"),
            open("{\"ask\":\"signal\",\"version\":1,\"job\":\"jmbswy3dpeblw\",\"number\":99999}"),
            open("{\"ask\":\"start\",\"version\":1,\"job\":\"jmbswy3dpeblw\"}"),
            open(
                "{\"ask\":\"start\",\"version\":1,\"job\":\"jmbswy3dpeblw\",\"launch\":{\"arguments\":-1,\"variables\":0,\"wordBytes\":0,\"noteBytes\":0,\"inputBytes\":0,\"input\":\"none\",\"isDetached\":false}}"
            ),
            open(
                "{\"ask\":\"start\",\"version\":1,\"job\":\"jmbswy3dpeblw\",\"launch\":{\"arguments\":1,\"variables\":0,\"wordBytes\":3,\"noteBytes\":0,\"inputBytes\":0,\"input\":\"none\",\"isDetached\":false}}"
            ) + [1, 0, 0, 0, 3, 65, 65, 65],
            open(
                "{\"ask\":\"start\",\"version\":1,\"job\":\"jmbswy3dpeblw\",\"launch\":{\"arguments\":9,\"variables\":9,\"wordBytes\":9223372036854775807,\"noteBytes\":1,\"inputBytes\":1,\"input\":\"none\",\"isDetached\":false}}"
            ),
            open("{\"ask\":\"told\",\"version\":1,\"job\":\"jmbswy3dpeblw\"}"),
            open(String(repeating: "{\"a\":", count: 100_000)),
        ] as [[UInt8]])
    func `nonsense is refused and harms nobody`(bytes: [UInt8]) async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("read line; echo $line", input: .open)
            _ = try Self.talk(bytes, in: keep.folder)
            try await job.write(Array("well\n".utf8))
            #expect(try await job.follow(from: 0, leads: true).all().text == "well\n")
            // It is forgotten in these moments.
            let remembered = keep.remembered
            #expect(remembered == [] || remembered == [job.id.text])
        }
    }

    @Test func `an end that was not sent cannot be confirmed`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("sleep 100")
            let follow = "{\"ask\":\"follow\",\"version\":1,\"job\":\"\(job.id)\",\"leads\":true}"
            let said = try Self.talk(Self.open(follow) + Frame(.end).header, in: keep.folder, patience: 20_000)
            #expect(String(decoding: said, as: UTF8.self).contains("\"protocol\""))
            #expect(try await job.record().state == .running)
        }
    }

    @Test func `a list that nobody reads is bounded by the jobs, and its reader can go`() async throws {
        try await Keep.with { keep in
            for _ in 0..<30 {
                let job = try await keep.shell("true") {
                    $0.isDetached = true; $0.note = [UInt8](repeating: 7, count: 64 << 10)
                }
                _ = try await job.finished()
            }
            let descriptor = try Self.raw(keep.folder)
            let question = Self.open("{\"ask\":\"list\",\"version\":1}")
            _ = question.withUnsafeBytes { kith_send(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            #expect(try await keep.client.jobs().count == 30)
        }
    }

    @Test func `the socket and the folder are the user's alone`() async throws {
        try await Keep.with { keep in
            let jobs = try await keep.client.jobs()
            #expect(jobs.isEmpty)
            var facts = stat()
            #expect(stat(keep.folder, &facts) == 0)
            #expect(facts.st_mode & 0o777 == 0o700)
            #expect(stat(keep.folder + "/keeper.sock", &facts) == 0)
            #expect(facts.st_mode & 0o777 == 0o600)
        }
    }

    @Test func `a folder however deep will do`() async throws {
        try await Keep.inFolder { folder in
            var deep = folder
            for _ in 0..<10 { deep += "/" + String(repeating: "d", count: 40) }
            try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
            let server = try await KeeperServer(folder: deep, limits: .quick)
            let client = try KeeperClient(folder: deep, program: "/proc/self/exe")
            let job = try await client.start(Keep.launch("echo deep"))
            #expect(try await job.follow(from: 0, leads: true).all().text == "deep\n")
            await client.close()
            await server.leave()
        }
    }
}
