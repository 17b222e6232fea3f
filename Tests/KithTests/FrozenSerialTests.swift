import Foundation
import KithAPI
import KithClient
import Testing

/// Daemons that are stopped in their tracks: their kernels take connections, and nobody answers.
struct FrozenSerialTests {
    private func code(_ work: () async throws -> Void) async -> ErrorCode? {
        do {
            try await work()
            return nil
        } catch { return KithError(wrapping: error).code }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a peer that stops answering is unreachable, and does nothing that was given up`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            #expect(try await laptop.ask(RunCommand(command: ["true"]), on: "studio").exitCode == 0)
            let mark = studio.folder.path + "/mark"
            let touch = ["touch", mark]
            try await studio.frozen {
                let streamed = Task {
                    try await laptop.client.pipe(StreamCommand(command: touch), on: .peer("studio")) { pipe in
                        _ = try await pipe.receive()
                    }
                }
                let called = await code { _ = try await laptop.ask(RunCommand(command: touch), on: "studio") }
                #expect(called == .peerOffline)
                #expect(await code { try await streamed.value } == .peerOffline)
                let left = try await laptop.shell(
                    "timeout --preserve-status -s INT -k 5 1 kith exec studio -- touch \(mark)")
                #expect([69, 130].contains(left.code), "\(left)")
                let late = try await laptop.shell("kith exec studio --timeout 500ms -- touch \(mark)")
                #expect([69, 124].contains(late.code), "\(late)")
                let detached = try await laptop.shell("kith exec studio --timeout 500ms --detach -- touch \(mark)")
                #expect([69, 124].contains(detached.code), "\(detached)")
            }
            // It answers again, so it has found what it had not read.
            #expect(try await laptop.ask(RunCommand(command: ["true"]), on: "studio").exitCode == 0)
            #expect(access(mark, F_OK) != 0)
            let began = try await studio.audit().filter { $0.action.hasPrefix("exec.") && $0.result == "began" }
            #expect(began.map(\.object) == ["true", "true"])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a command is left by the second Ctrl-C when its peer stops answering`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            let daemon = "$(cat \(studio.folder.path)/lock)"
            let line = """
                cd "$HOME"; mkfifo up; kith exec studio -- sh -c 'trap "" INT; echo up; exec sleep 1000' > up 2> log & \
                read x < up; kill -STOP \(daemon); kill -INT $!; \
                n=0; until grep -q 'does not answer. Ctrl-C again leaves' log || [ $n -gt 200 ]; do \
                n=$((n+1)); sleep 0.1; done; \
                kill -INT $!; wait $!; code=$?; kill -CONT \(daemon); cat log; exit $code
                """
            let answer = try await laptop.shell(line)
            let isSaid = answer.output.contains("has not said that it lets the command run on")
            // Whether it runs on there, nobody knows, and nobody says so.
            #expect(answer.code == 255 && isSaid, "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a local daemon that is frozen is named within seconds, and stopped all the same`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            try await studio.frozen {
                let status = try await studio.shell("timeout -k 1 8 kith status")
                #expect(status.code == 69 && status.errors.contains("The daemon does not answer."), "\(status)")
                let get = try await studio.shell("timeout -k 1 15 kith context get a")
                #expect(get.code == 69 && get.errors.contains("The daemon does not answer."), "\(get)")
                let left = try await studio.shell("timeout --preserve-status -s INT -k 5 1 kith exec . -- true")
                #expect(left.code == 130, "\(left)")
                let late = try await studio.shell("kith exec . --timeout 500ms -- true")
                #expect(late.code == 124, "\(late)")
                let stop = try await studio.shell("timeout -k 1 12 kith stop")
                #expect(stop.code == 0 && stop.errors.contains("it gets a TERM signal"), "\(stop)")
                try await studio.start()
            }
        }
    }
}

extension PairedNode {
    /// Everything in its audit log so far.
    fileprivate func audit() async throws -> [AuditRecord] {
        try await client.feed(FollowAudit(last: 1_000)).reduce(into: []) { $0.append($1) }
    }
}
