import Glibc
import HTTPTypes
import HummingbirdCore
import KithAPI
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// The door for foreign dialects on 127.0.0.1: closed until the owner asks for it, and then only for who has the token.
///
/// A web page in the owner's browser can reach this port, too. So the `Host` has to be ours to the letter, an
/// `Origin` has to be ours, there are no CORS headers, and nothing is answered without the token.
public struct LoopbackDoor: Service {
    /// A request that has passed all checks.
    public struct Question: Sendable {
        /// For example `POST`.
        public let method: String
        /// Names in lower case.
        public let headers: [(name: String, value: String)]
        /// The whole body, at most 4 MiB.
        public let body: [UInt8]
    }

    /// An answer in the dialect.
    public struct Reply: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: Body

        enum Body: Sendable {
            case whole([UInt8])
            case stream(@Sendable (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void)
        }

        /// A JSON answer, or one without content.
        public init(status: Int, headers: [(name: String, value: String)], json: [UInt8]) {
            (self.status, self.headers, body) = (status, headers, .whole(json))
        }

        /// Server-sent events, as `produce` writes them; it is cancelled when the other side goes away.
        public init(
            events produce:
                @escaping @Sendable (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void
        ) {
            (status, headers, body) = (200, [], .stream(produce))
        }
    }

    /// What listens behind the door.
    public typealias Answer = @Sendable (Question) async -> Reply

    private let port: Int
    private let token: String
    private let mounts: [String: Answer]
    private let guests = LoopbackGuests()
    private let logger: Logger
    private let onReady: @Sendable (Int) async throws -> Void

    /// A door at `port` (0 asks the system for one); `mounts` says who answers at which path.
    public init(
        port: Int, token: String, mounts: [String: Answer], logger: Logger,
        onReady: @escaping @Sendable (Int) async throws -> Void
    ) {
        self.port = port
        self.token = token
        self.mounts = mounts
        self.logger = logger
        self.onReady = onReady
    }

    /// Listens until cancelled.
    public func run() async throws {
        let bound = Mutex(port)
        let (ready, logger) = (onReady, logger)
        let server = Server(
            childChannelSetup: LoopbackChannel(logger: logger, guests: guests) { request, writer, line in
                try await answer(request, writer, line, at: bound.withLock { $0 })
            },
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                bound.withLock { $0 = port }
                do { try await ready(port) } catch { logger.error("loopback door: \(error)") }
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger.onlyTrouble)
        do {
            try await server.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw KithError(
                .unavailable, "Port \(port) is taken by another program.",
                hint: "Set another one: `mcp.httpPort` in the configuration.")
        }
    }

    private func answer(
        _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter, _ line: Line, at port: Int
    ) async throws {
        line.isUsed(for: .answer)
        if let status = refusal(of: request, at: port) { return try await writer.nothing(status: status) }
        guests.accept(line)
        guard let mount = mounts[request.uri.path] else { return try await writer.nothing(status: 404) }
        let body: [UInt8]
        do { body = try await HTTPAnswers.collect(request.body) } catch {
            return try await writer.nothing(status: 413)
        }
        let headers = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        try await writer.say(await mount(Question(method: request.method.rawValue, headers: headers, body: body)), line)
    }

    /// The status with which a request is turned away; nil for one that may come in.
    private func refusal(of request: HummingbirdCore.Request, at port: Int) -> Int? {
        let names = ["127.0.0.1:\(port)", "localhost:\(port)"]
        guard let host = request.head.authority, names.contains(host) else { return 421 }
        // The first one is the authority; what is left is a second one, which somebody else might believe.
        guard request.headers[.host] == nil else { return 400 }
        if let origin = request.headers[.origin], !names.contains(where: { origin == "http://\($0)" }) { return 403 }
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { return 403 }
        guard Self.isSame(request.headers[.authorization] ?? "", "Bearer \(token)") else { return 401 }
        return nil
    }

    /// Compares in a time that does not depend on where two texts differ.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension HTTPField.Name {
    /// `Host`.
    fileprivate static let host = HTTPField.Name("host") ?? .origin
    /// `Sec-Fetch-Site` of the fetch standard.
    fileprivate static let secFetchSite = HTTPField.Name("sec-fetch-site") ?? .origin
}

extension ResponseWriter {
    fileprivate consuming func nothing(status: Int) async throws {
        var fields: HTTPFields = [.contentLength: "0", .connection: "close"]
        if status == 401 { fields[.wwwAuthenticate] = "Bearer" }
        try await write(
            response: HTTPResponse(status: .init(code: status), headerFields: fields),
            body: ResponseBody(byteBuffer: ByteBuffer()))
    }

    fileprivate consuming func say(_ reply: LoopbackDoor.Reply, _ line: Line) async throws {
        switch reply.body {
        case .stream(let produce):
            try await stream("text/event-stream", line) { body in
                try await produce { try await body.push(ByteBuffer(bytes: $0)) }
            }
        case .whole(let bytes):
            var fields: HTTPFields = [.contentLength: String(bytes.count)]
            if !bytes.isEmpty { fields[.contentType] = "application/json" }
            for header in reply.headers {
                if let name = HTTPField.Name(header.name) { fields[name] = header.value }
            }
            try await write(
                response: HTTPResponse(status: .init(code: reply.status), headerFields: fields),
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
