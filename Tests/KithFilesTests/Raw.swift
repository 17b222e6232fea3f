import KithAPI
import KithDigest
import KithFiles

/// The frames of one file, as an honest sender packs them.
func fileFrames(_ path: String, _ text: String, sha256: String? = nil, mode: Int = 0o644) throws -> [Frame] {
    let bytes = Array(text.utf8)
    return [
        try Frame(.event, json: TransferHeader(source: 0, path: path, type: .file, size: bytes.count, mode: mode)),
        Frame(.data, bytes),
        try Frame(.event, json: TransferTrailer(sha256: sha256 ?? SHA256.hash(bytes).hexadecimal)),
    ]
}

extension FileService {
    /// Feeds `frames` to our receiving side as `caller` would, and collects the answers.
    func feed(
        _ frames: [Frame], to destination: String, as caller: Caller
    ) async throws -> (outcomes: [TransferOutcome], failure: KithError?) {
        let wire = Wire()
        async let answered: Void = answer(wire.far) {
            try await put(PutFiles(destination: destination), over: wire.far, from: caller)
        }
        async let sent: Void = {
            for frame in frames { try? await wire.near.send(frame) }
        }()
        var outcomes: [TransferOutcome] = []
        var failure: KithError?
        while let frame = try await wire.near.receive(), frame.kind != .end {
            if frame.kind == .event { outcomes.append(try frame.decode(TransferOutcome.self)) }
            if frame.kind == .failure { failure = try frame.decode(KithError.self) }
        }
        await wire.cut()
        await sent
        try await answered
        return (outcomes, failure)
    }

    /// What our sending side packs for `caller` who asks for `paths`: the headers, and the content as text.
    func fetch(_ paths: [String], as caller: Caller) async throws -> (headers: [TransferHeader], content: String) {
        let wire = Wire()
        async let answered: Void = answer(wire.far) {
            try await get(GetFiles(paths: paths), over: wire.far, from: caller)
        }
        var headers: [TransferHeader] = []
        var content: [UInt8] = []
        while let frame = try await wire.near.receive(), frame.kind != .end, frame.kind != .failure {
            if frame.kind == .data { content += frame.payload }
            if let header = try? frame.decode(TransferHeader.self) { headers.append(header) }
        }
        try await answered
        return (headers, String(decoding: content, as: UTF8.self))
    }
}
