import Foundation
import KithAPI
import KithClient
import Testing

/// What a daemon's own log says, and what it never says.
struct DaemonLogTests {
    @Test(.timeLimit(.minutes(3)))
    func `the log tells of pairing, peers, calls, strangers and the end, and of no argument`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            let level = "printf 'log:\\n  level: debug\\n' >> config.yaml && kith reload"
            #expect(try await studio.shell("cd $KITH_HOME && \(level)").code == 0)
            _ = try await laptop.ask(RunCommand(command: ["echo", "a-secret"]), on: "studio")
            _ = try await laptop.ask(SetContext(key: "k", value: "a-secret"), on: "studio")
            let port = try #require(try await studio.ask(GetStatus()).listening.first?.port)
            _ = try await laptop.shell("bash -c 'echo nonsense > /dev/tcp/127.0.0.1/\(port)'")
            _ = try await studio.ask(RemovePeer(peer: "laptop"))
            #expect(try await studio.shell("kith restart").code == 0)

            let log = try String(contentsOfFile: studio.folder.path + "/logs/daemon.log", encoding: .utf8)
            let wanted = [
                " info starting process=", " info listening address=127.0.0.1:", " info listening socket=",
                " info paired ",
                " info peer online ", "peer=laptop", " debug answered caller=laptop(", " capability=exec.run ",
                "result=ok",
                " debug TLS was refused source=127.0.0.1", " info unpaired id=", " info stopping\n", " info stopped\n",
            ]
            for text in wanted { #expect(log.contains(text), "\(text) is not in \(log)") }
            #expect(!log.contains("a-secret"))
        }
    }
}
