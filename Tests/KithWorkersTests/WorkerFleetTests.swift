import Foundation
import Glibc
import KithAPI
import KithTrust
import Testing

@testable import KithWorkers

/// What a fleet refuses before it touches anything, and what it finds on the disk.
struct WorkerFleetTests {
    private func withFleet(_ body: (WorkerFleet, String) async throws -> Void) async throws {
        let folder =
            FileManager.default.temporaryDirectory.path + "/kith-fleet-"
            + String(UInt64.random(in: .min ... .max), radix: 36)
        mkdir(folder, 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(try fleet(folder), folder)
    }

    private func fleet(_ folder: String) throws -> WorkerFleet {
        let name = PeerName(nearest: "studio")
        let identity = try Identity.loadOrCreate(in: folder + "/identity", name: name, now: Date())
        return try WorkerFleet(
            WorkerFleet.Surroundings(
                folders: try Folders(environment: ["KITH_HOME": folder], userID: geteuid()), environment: [:],
                programs: ("/nowhere/kithd", "/nowhere/kith"), identity: identity, name: { name }, now: { Date() },
                changed: { _, _ in }))
    }

    private func refusal(_ request: StartWorkers, of fleet: WorkerFleet) async -> ErrorCode? {
        await #expect(throws: KithError.self) { try await fleet.start(request) }?.code
    }

    @Test func `a request without names or a number, with both, or with a name of two parts is refused`() async throws {
        try await withFleet { fleet, folder in
            let name = PeerName(nearest: "one")
            let requests = [
                StartWorkers(), StartWorkers(names: []), StartWorkers(names: [name], count: 1), StartWorkers(count: 0),
                StartWorkers(count: 129), StartWorkers(names: [PeerName(name, of: name)]),
                StartWorkers(count: 2, prefix: PeerName(nearest: String(repeating: "x", count: 63))),
            ]
            for request in requests { #expect(await refusal(request, of: fleet) == .requestInvalid) }
            #expect(access(folder + "/sessions", F_OK) != 0)
        }
    }

    @Test func `a node has at most so many workers`() async throws {
        try await withFleet { fleet, _ in
            let names = (0...StartWorkers.maximum).map { PeerName(nearest: "w\($0)") }
            #expect(await refusal(StartWorkers(names: names), of: fleet) == .limited)
        }
    }

    @Test(arguments: [
        "", "../x", "a/b", ".", "..", ".x", "-x", "a\u{0}b", "a\nb", "ä", String(repeating: "x", count: 64),
    ]
    )
    func `a name that could be a path or hide something is no name`(word: String) throws {
        #expect(PeerName(word) == nil)
        let json = try JSON.encode(["names": [word]])
        let asked = try? JSON.decode(StartWorkers.self, from: json)
        #expect(asked?.names?.first?.parent != nil || asked == nil)
    }

    @Test func `what nobody started is not there`() async throws {
        try await withFleet { fleet, _ in
            let name = PeerName(nearest: "worker-1")
            await #expect(throws: KithError.self) { try await fleet.stop(StopWorkers(names: [name])) }
            await #expect(throws: KithError.self) { try await fleet.remove(RemoveWorkers(names: [name])) }
            await #expect(throws: KithError.self) { try await fleet.status(GetWorker(worker: "worker-1")) }
            #expect(await fleet.list() == WorkerList(workers: []))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a fleet whose workers are ended before it has looked after them ends with its daemon`() async throws {
        try await withFleet { first, folder in
            let running = Task { await first.run() }
            await first.doorIsOpen(host: "127.0.0.1", port: 1)
            _ = try await first.start(StartWorkers(count: 2))
            running.cancel()
            await running.value

            let fleet = try fleet(folder)
            await fleet.doorIsOpen(host: "127.0.0.1", port: 1)
            await fleet.endProcesses()
            let run = Task { await fleet.run() }
            run.cancel()
            await run.value
            #expect(await fleet.list().workers.map(\.state) == [.stopped, .stopped])
        }
    }

    @Test func `a list that others could have written, or that is damaged, stops the start`() async throws {
        try await withFleet { _, folder in
            let path = folder + "/workers.json"
            try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
            let damaged = #expect(throws: KithError.self) { try fleet(folder) }
            #expect(damaged?.code == .storeDamaged)
            chmod(path, 0o644)
            let open = #expect(throws: KithError.self) { try fleet(folder) }
            #expect(open?.code == .denied)
        }
    }
}
