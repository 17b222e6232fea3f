import Glibc
import KithAPI

/// One question and its answer on one connection to the daemon. Dropping it closes the connection.
final class Exchange: Sendable {
    private let connection: Connection
    private let reader: AnswerReader
    private let writer: QuestionWriter
    private let session: AgentSession?

    private init(_ connection: Connection, _ session: AgentSession?) {
        self.connection = connection
        self.session = session
        reader = AnswerReader(connection)
        writer = QuestionWriter(connection)
    }

    deinit { close() }

    /// Connects to the daemon at `path`, for the owner or for an agent of theirs.
    static func open(_ path: String, for session: AgentSession? = nil) async throws -> Exchange {
        let socket = try await LocalSocket.connect(to: path)
        return Exchange(Connection(socket.descriptor, DaemonSilence(path: path)), session)
    }

    /// Sends a whole request. What the daemon does not want to hear any more it explains in its answer.
    func ask(_ path: String, json: [UInt8]) async throws {
        let head = head(path, type: "application/json", "content-length: \(json.count)")
        _ = try await cancellable { try await $0.writer.write(head + json) }
    }

    /// Asks for what stands at a path.
    func get(_ path: String) async throws {
        let head = head(["GET \(path) HTTP/1.1", "host: kith", "user-agent: kith/\(Version.text)"])
        _ = try await cancellable { try await $0.writer.write(head) }
    }

    /// Sends the head and the first frame of a pipe; the body of the request stays open.
    func ask(_ path: String, opening: Frame) async throws {
        let head = head(path, type: OpenAPI.framed, "transfer-encoding: chunked")
        _ = try await cancellable { try await $0.writer.write(head + Self.chunk(opening)) }
    }

    /// Sends one frame; returns when the connection has taken it. Several tasks may send: frames stay whole.
    func send(_ frame: Frame) async throws {
        guard frame.payload.count <= Frame.maximumPayload else {
            throw KithError(.requestTooLarge, "A frame holds at most \(Frame.maximumPayload) bytes.")
        }
        guard try await cancellable({ try await $0.writer.write(Self.chunk(frame)) }) else { throw Self.cut }
    }

    /// Waits for the head of the answer and throws the error that it announces, if it does.
    func requireSuccess() async throws {
        let status = try await cancellable { try await $0.reader.status() }
        guard !(200..<300).contains(status) else { return }
        throw Answer.failure(status: status, body: try await body(limit: 1 << 20))
    }

    /// The whole body, refused beyond `limit`.
    func body(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= limit else {
                throw KithError(
                    .protocolViolation, "The answer is larger than \(limit >> 20) MiB, which is the limit.",
                    hint: "Ask for less at once.")
            }
            bytes.append(contentsOf: piece)
        }
        return bytes
    }

    /// The next piece of the body; nil at its end. One caller at a time.
    func next() async throws -> ArraySlice<UInt8>? { try await cancellable { try await $0.reader.next() } }

    /// Closes the connection; the daemon takes it as "the asking side has gone" unless all was said.
    func close() { connection.end() }

    /// That the connection broke off before the answer was whole.
    static let cut = KithError.linkLost("The link was lost before the answer was whole.")

    /// A cancelled task closes the connection, and that is what its caller hears of.
    private func cancellable<Value: Sendable>(_ work: (Exchange) async throws -> Value) async throws -> Value {
        try await withTaskCancellationHandler {
            do {
                return try await work(self)
            } catch {
                try Task.checkCancellation()
                throw error
            }
        } onCancel: {
            close()
        }
    }

    private func head(_ path: String, type: String, _ length: String) -> [UInt8] {
        head([
            "POST \(path) HTTP/1.1", "host: kith", "content-type: \(type)", "user-agent: kith/\(Version.text)", length,
        ])
    }

    /// These lines, the agent that asks, and the end of the head.
    private func head(_ lines: [String]) -> [UInt8] {
        var lines = lines
        if let session { lines.append("\(AgentSession.header): \(session.headerText)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private static func chunk(_ frame: Frame) -> [UInt8] {
        let size = String(Frame.headerSize + frame.payload.count, radix: 16)
        return Array("\(size)\r\n".utf8) + frame.header + frame.payload + Array("\r\n".utf8)
    }
}
