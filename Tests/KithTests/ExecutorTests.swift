import Foundation
import Testing

/// The daemon's program itself, as it is installed: what it says when it starts.
struct ExecutorTests {
    @Test func `the daemon runs its tasks on its event loops`() async throws {
        let script = """
            cd "$(mktemp -d)" && export KITH_HOME=$PWD
            printf 'name: studio\\nlisten:\\n  host: 127.0.0.1\\n  port: 0\\ndiscovery: false\\n' > config.yaml
            '\(Bench.programs)/kithd' init > init.log
            coproc daemon { exec '\(Bench.programs)/kithd' run 2>&1; }
            while read -r -u "${daemon[0]}" line; do
                echo "$line"
                case $line in *listening*) break ;; esac
            done
            kill "$daemon_PID"; wait
            rm -r "$KITH_HOME"
            """
        let answer = try await Command(["bash", "-c", script]).run()

        #expect(answer.output.contains("tasks=\"on the event loops\""), "\(answer)")
    }
}
