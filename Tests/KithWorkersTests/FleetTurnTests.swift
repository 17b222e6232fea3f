import Foundation
import Glibc
import KithAPI
import KithTrust
import Testing

@testable import KithWorkers

/// Several who change the same workers at once, with a program that cannot be started.
struct FleetTurnTests {
    private func withFleet(_ body: (WorkerFleet, Folders) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/kith-turns-\(UUID().uuidString)"
        mkdir(folder, 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let folders = try Folders(environment: ["KITH_HOME": folder], userID: geteuid())
        let fleet = try fleet(folders)
        await fleet.doorIsOpen(host: "127.0.0.1", port: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fleet.run() }
            try await body(fleet, folders)
            group.cancelAll()
        }
    }

    private func fleet(_ folders: Folders) throws -> WorkerFleet {
        let name = PeerName(nearest: "studio")
        let identity = try Identity.loadOrCreate(in: folders.data + "/identity", name: name, now: Date())
        return try WorkerFleet(
            WorkerFleet.Surroundings(
                folders: folders, environment: [:], programs: ("/nowhere/kithd", "/nowhere/kith"), identity: identity,
                name: { name }, now: { Date() }, changed: { _, _ in }))
    }

    private let one = PeerName(nearest: "one")

    @Test(.timeLimit(.minutes(1)))
    func `whoever starts what somebody else stops meanwhile is answered`() async throws {
        try await withFleet { fleet, _ in
            _ = try await fleet.start(StartWorkers(names: [one]))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask { _ = try await fleet.start(StartWorkers(names: [one])) }
                    group.addTask { _ = try await fleet.stop(StopWorkers(names: [one])) }
                }
                try await group.waitForAll()
            }
            _ = try await fleet.stop(StopWorkers())
            #expect(await fleet.list().workers.map(\.state) == [.stopped])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is started while it is removed is wholly there, or not at all`() async throws {
        try await withFleet { fleet, folders in
            for _ in 0..<10 {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { _ = try? await fleet.start(StartWorkers(names: [one])) }
                        group.addTask { _ = try? await fleet.remove(RemoveWorkers(names: [one])) }
                    }
                }
                let isListed = await !fleet.list().workers.isEmpty
                #expect((access(folders.data + "/sessions/one/identity/key.pem", F_OK) == 0) == isListed)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `two who ask for too many together do not both get them`() async throws {
        try await withFleet { fleet, folders in
            let answers = await withTaskGroup(of: ErrorCode?.self) { group in
                for prefix in ["a", "b"] {
                    let request = StartWorkers(count: 70, prefix: PeerName(nearest: prefix))
                    group.addTask {
                        do { _ = try await fleet.start(request) } catch { return (error as? KithError)?.code }
                        return nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers) == [nil, .limited])
            let record = try FleetRecord.read(in: folders.data)
            let made = try FileManager.default.contentsOfDirectory(atPath: folders.data + "/sessions")
            #expect(record.workers.count == 70)
            #expect(made.count == 70)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a process that a lock names and that does not hold it is left alone`() async throws {
        try await withFleet { fleet, folders in
            _ = try await fleet.start(StartWorkers(names: [one]))
            _ = try await fleet.stop(StopWorkers())
            let stranger = Process()
            stranger.executableURL = URL(fileURLWithPath: "/bin/sleep")
            stranger.arguments = ["1000"]
            stranger.standardOutput = FileHandle.nullDevice
            stranger.standardError = FileHandle.nullDevice
            try stranger.run()
            defer { kill(stranger.processIdentifier, SIGKILL) }
            let lock = open(folders.data + "/sessions/one/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            defer { close(lock) }
            flock(lock, LOCK_EX)
            let text = "\(stranger.processIdentifier)\n"
            write(lock, text, text.utf8.count)

            var search = WorkerSearch(place: try WorkerPlace(one, of: folders, temporary: "/tmp"), host: "127.0.0.1")
            search.patience = .zero
            let found = try await search.run()

            #expect(found == nil)
            #expect(stranger.isRunning)
        }
    }
}
