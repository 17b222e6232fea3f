import KithAPI
import Synchronization

/// `kith_transfer_file`: files and folders, between this machine and another.
enum FileTransfer {
    private enum Direction: String, ParameterChoice {
        case send, pull
    }

    /// Failures that a result names; the rest is counted.
    static let namedFailures = 20

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_transfer_file", title: "Move files",
            description: """
                Copy files and folders to another machine (`send`) or from it (`pull`). Each file is verified and \
                replaces the one at its destination only when it is whole. A `destination` that ends with `/` is a \
                folder to put things into. Paths of this machine: absolute, or relative to the folder where you \
                work; paths there: absolute, or relative to the home folder. Works at line speed; large transfers \
                report progress. Example: {"peer": "studio", "direction": "send", "sources": ["build/app.tar"], \
                "destination": "inbox/"}.
                """),
        hints: Tool.Hints(isReadOnly: false, isDestructive: true, isIdempotent: true, isOpenWorld: false),
        arguments: [
            .peer, Argument("direction", Direction.schema, "`send` to the peer or `pull` from it.", isRequired: true),
            Argument("sources", .array(.string(format: nil)), "What to copy, 1 to 1,000 paths.", isRequired: true),
            Argument(
                "destination", .string(format: nil),
                "The exact name for a single source, or a folder if it ends with `/`.", isRequired: true),
        ],
        output: Report.schema.json,
        question: { arguments in
            let (direction, peer) = (arguments.text("direction"), arguments.text("peer"))
            let sources = (arguments.values["sources"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
            return "Copy files (\(direction), \(peer)): \(sources) to \(arguments.text("destination"))?"
        },
        run: { arguments, errand in
            guard let peer = arguments.place.peer else {
                throw KithError(.requestInvalid, "Both sides are this machine.", hint: "Use a peer's name as `peer`.")
            }
            let order = try Order(arguments, peer: peer, folder: errand.server.options.folder)
            let report = try await transfer(order, errand)
            return ToolAnswer(report.words, try JSONValue(encoding: report).members ?? [:], from: .peer(peer))
        })

    /// What is to go where, in absolute paths of this machine.
    struct Order {
        let peer: String
        let sends: Bool
        let sources: [String]
        let destination: String

        init(_ arguments: Arguments, peer: String, folder: String?) throws(KithError) {
            self.peer = peer
            sends = arguments.text("direction") == Direction.send.rawValue
            let given = (arguments.values["sources"]?.elements ?? []).compactMap(\.text)
            var sources: [String] = []
            for path in given { sources.append(sends ? try Self.absolute(path, folder) : path) }
            self.sources = sources
            let target = arguments.text("destination")
            destination = sends ? target : try Self.absolute(target, folder)
        }

        private static func absolute(_ path: String, _ folder: String?) throws(KithError) -> String {
            if path.hasPrefix("/") { return path }
            guard let folder, !path.hasPrefix("~") else {
                throw KithError(
                    .requestInvalid, "`\(path)` is not an absolute path of this machine.", hint: "Begin it with `/`.")
            }
            return folder + "/" + path
        }
    }

    private static func transfer(_ order: Order, _ errand: Errand) async throws -> Report {
        let report = Mutex(Report())
        let note: @Sendable (TransferEvent) async throws -> Void = { event in
            report.withLock { $0.note(event) }
            guard event.kind == .progress else { return }
            await errand.progress(Double(event.bytes), of: event.totalBytes.map(Double.init), "\(event.bytes) bytes")
        }
        do {
            try await move(order, errand, note)
        } catch let error as KithError {
            throw report.withLock { $0.naming(error) }
        }
        return report.withLock { $0 }
    }

    private static func move(
        _ order: Order, _ errand: Errand, _ note: @escaping @Sendable (TransferEvent) async throws -> Void
    ) async throws {
        guard order.sends else {
            let request = PullFiles(peer: order.peer, sources: order.sources, destination: order.destination)
            return try await errand.feed(request, note)
        }
        let request = SendFiles(peer: order.peer, sources: order.sources, destination: order.destination)
        try await errand.feed(request, note)
    }

    /// What a transfer did.
    struct Report: Described, Equatable {
        var entries = 0
        var bytes = 0
        var failures = 0
        var duration = 0
        var failed: [Failure] = []

        mutating func note(_ event: TransferEvent) {
            if let summary = event.summary {
                (entries, bytes) = (summary.entries, summary.bytes)
                (failures, duration) = (summary.failures, summary.duration)
            }
            if let outcome = event.outcome, let error = outcome.error, failed.count < FileTransfer.namedFailures {
                failed.append(Failure(path: outcome.path, error: "\(error.code.rawValue): \(error.message)"))
            }
        }

        /// `error`, with each path that failed and its reason.
        func naming(_ error: KithError) -> KithError {
            guard !failed.isEmpty else { return error }
            var named = error
            named.message = ([error.message] + lines).joined(separator: "\n")
            return named
        }

        private var lines: [String] { failed.map { "failed: \($0.path): \($0.error)" } }

        var words: String {
            (["\(entries) entries, \(bytes) bytes, \(failures) failures, \(duration) ms."] + lines)
                .joined(separator: "\n")
        }

        static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "Files, folders and links placed."),
                Parameter("bytes", \Self.bytes, "Bytes of file content placed."),
                Parameter("failures", \Self.failures, "How many entries failed."),
                Parameter("duration", \Self.duration, "Milliseconds it took."),
                Parameter("failed", \Self.failed, "The first \(FileTransfer.namedFailures) that failed."),
            ]
        }
    }

    /// One entry that was not placed.
    struct Failure: Described, Equatable {
        var path: String
        var error: String

        static var parameters: [Parameter] {
            [Parameter("path", \Self.path, "Which one."), Parameter("error", \Self.error, "Why.")]
        }
    }
}
