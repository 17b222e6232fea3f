import Dispatch
import Glibc
import KithAPI
import KithClient

/// Standard input as a file of a peer, or a file of a peer as standard output.
struct StreamRun {
    private static let pieceSize = 256 << 10

    let session: Session
    let peer: String

    /// Standard input becomes the file that `request` names, once it is over.
    func send(_ request: WriteFile) async throws {
        let outcome = try await session.client.pipe(request, on: .named(peer)) { pipe in
            async let answer = Self.answer(of: pipe)
            do {
                while let piece = try await Self.piece() { try await pipe.send(Frame(.data, piece)) }
                try await pipe.send(Frame(.end))
            } catch let error as InputFailure {
                throw error.error
            } catch {
                // The connection broke; the other direction knows why.
            }
            return try await answer
        }
        try session.output.show(outcome) { "Sent \(Measure.bytes($0.size)) to \($0.path.escaped)." }
    }

    /// The file at `path` goes to standard output.
    func pull(_ path: String) async throws {
        try await session.client.pipe(ReadFile(path: path), on: .named(peer)) { pipe in
            while let frame = try await pipe.receive(), frame.kind != .end {
                if frame.kind == .data { try await Descriptor.standardOutput.stream(frame.payload) }
            }
        }
    }

    private static func answer(of pipe: Duplex) async throws -> TransferOutcome {
        while let frame = try await pipe.receive() {
            if frame.kind == .end { return try frame.decode(TransferOutcome.self) }
        }
        throw KithError(.unavailable, "The connection was cut before the file was whole.")
    }

    private struct InputFailure: Error {
        let error: KithError
    }

    private static let queue = DispatchQueue(label: "kith.stream")

    /// The next piece of standard input; nil at its end. Half a file must not pass for a whole one.
    private static func piece() async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try read() }) }
        }
    }

    private static func read() throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: pieceSize)
        var count: Int
        repeat {
            count = Glibc.read(Descriptor.standardInput.rawValue, &bytes, bytes.count)
        } while count < 0 && errno == EINTR
        guard count >= 0 else {
            let reason = String(cString: strerror(errno))
            throw InputFailure(error: KithError(.fileIO, "Standard input cannot be read: \(reason)."))
        }
        return count == 0 ? nil : Array(bytes.prefix(count))
    }
}
