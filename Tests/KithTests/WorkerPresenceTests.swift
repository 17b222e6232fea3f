import Foundation
import KithAPI
import KithClient
import Testing

/// Whether workers are there, as their parent and its peers see it.
struct WorkerPresenceTests {
    private func state(_ name: String, at node: PairedNode) async throws -> PeerStatus? {
        try await node.ask(ListPeers()).peers.first { $0.name.text == name }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker is online while it answers itself, whatever its parent does`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            _ = try await laptop.ask(GrantPeer(peer: "studio", add: [GrantRule(.vouch)]))
            let start = StartWorkers(names: [PeerName(nearest: "build")])
            let worker = try #require(try await studio.ask(start).workers.first?.pid)
            defer { kill(Int32(worker), SIGKILL) }
            try await laptop.until("the worker answers") {
                let seen = try await state("studio/build", at: laptop)
                return seen?.status == .online && seen?.lastSeen != nil && seen?.latency != nil
            }

            kill(Int32(worker), SIGSTOP)
            for node in [laptop, studio] {
                try await node.until("the worker is offline") {
                    try await state("studio/build", at: node)?.status == .offline
                }
            }
            let exec = try await laptop.shell("kith exec studio/build -- true")
            #expect(exec.code == 69, "\(exec)")
            kill(Int32(worker), SIGCONT)
            try await laptop.until("the worker is back") {
                try await state("studio/build", at: laptop)?.status == .online
            }

            try await studio.kill()
            try await laptop.until("the parent is gone") { try await state("studio", at: laptop)?.status == .offline }
            #expect(try await laptop.ask(RunCommand(command: ["true"]), on: "studio/build").exitCode == 0)
            #expect(try await state("studio/build", at: laptop)?.status == .online)
            try await studio.start()
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `workers that ran on through a restart are there at once`() async throws {
        try await RealNode.with { node in
            #expect(try await node.kith("session", "start-fleet", "-c", "3").code == 0)
            let all = try await node.shell("kith restart >/dev/null && kith exec @workers -- echo here")
            #expect(all.code == 0 && all.output.split(separator: "\n").count == 3, "\(all)")
            let list = try await node.shell("kith restart >/dev/null && kith session list --json")
            let workers = try KithClient.read(WorkerList.self, from: Array(list.output.utf8)).workers
            #expect(workers.map(\.state) == [.running, .running, .running])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `whoever loses a command to the end of its worker is not sent back to it`() async throws {
        try await RealNode.with { node in
            #expect(try await node.kith("session", "start-fleet", "-c", "1").code == 0)
            let line = """
                cd "$HOME"; mkfifo up; kith exec worker-1 -- sh -c "echo > $HOME/up; exec sleep 1000" 2> log & \
                read x < up; kith session stop-all >/dev/null; wait $!; echo $?; cat log
                """
            let answer = try await node.shell(line)
            #expect(!answer.output.hasPrefix("0\n") && !answer.output.contains("kith attach"), "\(answer)")
        }
    }
}
