import ArgumentParser
import KithAPI

/// `kith metrics`
struct MetricsCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print what the daemon counts, as Prometheus reads it.",
        discussion: """
            Questions, errors and how long answers took, by capability; bytes; what waits. The same stands at /metrics on \
            the socket that kith status names:

              curl --unix-socket "$XDG_RUNTIME_DIR/kith/kith.sock" http://kith/metrics
            """)

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if common.json { throw ValidationError("Metrics have a format of their own; leave --json away.") }
    }

    func run() async throws {
        let session = try common.session()
        try session.output.answer(try await session.client.metrics())
    }
}
