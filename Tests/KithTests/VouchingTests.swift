import Foundation
import KithAPI
import KithClient
import Testing

/// Workers of one machine, seen from another.
struct VouchingTests {
    private func names(_ node: PairedNode) async throws -> [String] {
        try await node.ask(ListPeers()).peers.map(\.name.text)
    }

    private let start = StartWorkers(names: [PeerName(nearest: "build")])

    @Test(.timeLimit(.minutes(3)))
    func `a peer's workers are nobody here until it may vouch, and nobody again when it may not`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            let worker = try #require(try await studio.ask(start).workers.first)
            #expect(worker.state == .running)
            #expect(try await names(laptop) == ["studio"])
            // The worker trusts laptop, as its parent does; laptop does not trust the worker.
            let asWorker = KithClient(socket: worker.folder + "/run/kith.sock")
            let stranger = await #expect(throws: KithError.self) {
                try await asWorker.call(Ping(), on: .peer("laptop"))
            }
            #expect([.peerNotPaired, .peerOffline, .linkLost].contains(stranger?.code))

            _ = try await laptop.ask(GrantPeer(peer: "studio", add: [GrantRule(.vouch)]))
            try await laptop.until("the worker is known") { try await names(laptop) == ["studio", "studio/build"] }
            let seen = try await laptop.ask(GetPeer(peer: "studio/build"))
            #expect(seen.status == .online && seen.id == worker.id && seen.worker?.text == "studio")
            #expect(try await laptop.ask(RunCommand(command: ["true"]), on: "studio/build").exitCode == 0)
            _ = try await laptop.ask(SetContext(key: "k", value: "v"), on: "studio/build")
            #expect(try await asWorker.call(GetContext(key: "k")).value == "v")
            #expect(try await asWorker.call(Ping(), on: .peer("laptop")).name.text == "laptop")

            _ = try await laptop.ask(GrantPeer(peer: "studio", remove: [.vouch]))
            #expect(try await names(laptop) == ["studio"])
            await #expect(throws: KithError.self) { try await asWorker.call(Ping(), on: .peer("laptop")) }
            let unknown = await #expect(throws: KithError.self) { try await laptop.ask(Ping(), on: "studio/build") }
            #expect(unknown?.code == .peerUnknown)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker may do elsewhere what its parent may there, and no more`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            _ = try await laptop.ask(
                GrantPeer(peer: "studio", preset: .observer, add: [GrantRule(.vouch), GrantRule(.contextWrite)]))
            let bound = StartWorkers(names: [PeerName(nearest: "small")], grants: [.observe, .contextRead, .exec])
            let small = try #require(try await studio.ask(bound).workers.first)
            let large = try #require(try await studio.ask(start).workers.first)
            try await laptop.until("both are known") { try await names(laptop).count == 3 }

            let (one, other) = (large, small)
            let asLarge = KithClient(socket: one.folder + "/run/kith.sock")
            let asSmall = KithClient(socket: other.folder + "/run/kith.sock")
            _ = try await asLarge.call(SetContext(key: "k", value: "v"), on: .peer("laptop"))
            #expect(try await asSmall.call(GetContext(key: "k"), on: .peer("laptop")).value == "v")
            let write = await #expect(throws: KithError.self) {
                try await asSmall.call(SetContext(key: "k", value: "w"), on: .peer("laptop"))
            }
            #expect(write?.code == .denied)
            // What is lacking is said so that it can be pasted: at its parent, or for its parent.
            #expect(
                write?.hint
                    == "It was started without that. At studio: `kith session start small --may observe "
                    + "--may context.read --may exec --may context.write`.")
            let own = await #expect(throws: KithError.self) {
                try await asLarge.call(RunCommand(command: ["true"]), on: .peer("laptop"))
            }
            #expect(own?.hint == "Its owner can allow it there: `kith peers grant studio --allow exec`.")
            let removal = await #expect(throws: KithError.self) {
                try await laptop.ask(RemovePeer(peer: "studio/small"))
            }
            #expect(removal?.code == .conflict)
            let audit = try await laptop.ask(Diagnose(security: true)).findings
            #expect(audit.filter { $0.subject.hasPrefix("grants ") }.map(\.subject) == ["grants studio"])
            for client in [asLarge, asSmall] {
                let exec = await #expect(throws: KithError.self) {
                    try await client.call(RunCommand(command: ["true"]), on: .peer("laptop"))
                }
                #expect(exec?.code == .denied)
                let fleet = await #expect(throws: KithError.self) {
                    try await client.call(StartWorkers(count: 1), on: .peer("laptop"))
                }
                #expect(fleet?.code == .denied)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker that is stopped is trusted no longer, and one whose parent is unpaired neither`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            _ = try await laptop.ask(GrantPeer(peer: "studio", add: [GrantRule(.vouch)]))
            _ = try await studio.ask(start)
            _ = try await studio.ask(StartWorkers(names: [PeerName(nearest: "test")]))
            try await laptop.until("both are known") { try await names(laptop).count == 3 }

            _ = try await studio.ask(StopWorkers(names: [PeerName(nearest: "build")]))
            try await laptop.until("one is gone") { try await names(laptop) == ["studio", "studio/test"] }
            _ = try await laptop.ask(RemovePeer(peer: "studio"))
            #expect(try await names(laptop).isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a peer that the parent unpairs or takes a grant from has it no longer at its workers`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            _ = try await laptop.ask(GrantPeer(peer: "studio", add: [GrantRule(.vouch)]))
            let worker = try #require(try await studio.ask(start).workers.first)
            let asWorker = KithClient(socket: worker.folder + "/run/kith.sock")
            try await laptop.until("the worker is known") { try await names(laptop).count == 2 }
            let command = RunCommand(command: ["true"])
            #expect(try await laptop.ask(command, on: "studio/build").exitCode == 0)

            _ = try await studio.ask(GrantPeer(peer: "laptop", remove: [.exec]))
            try await studio.until("the worker knows") {
                try await asWorker.call(ListPeers()).peers.first { $0.name.text == "laptop" }?.grants
                    .allows(.exec, at: Date()) == false
            }
            let denied = await #expect(throws: KithError.self) { try await laptop.ask(command, on: "studio/build") }
            #expect(denied?.code == .denied)
            _ = try await studio.ask(RemovePeer(peer: "laptop"))
            try await studio.until("the worker knows") {
                try await asWorker.call(ListPeers()).peers.allSatisfy { $0.name.text != "laptop" }
            }
            await #expect(throws: KithError.self) { try await laptop.ask(Ping(), on: "studio/build") }
        }
    }

    @Test func `an agent may have workers, and not remove what they hold`() {
        let session = AgentSession(client: "test")
        #expect(session.mayAsk(StartWorkers.self) && session.mayAsk(StopWorkers.self))
        #expect(session.mayAsk(ListWorkers.self) && session.mayAsk(GetWorker.self))
        #expect(!session.mayAsk(RemoveWorkers.self))
    }
}
