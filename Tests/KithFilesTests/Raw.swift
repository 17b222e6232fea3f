import KithAPI
import KithDigest

@testable import KithFiles

extension Frame {
    /// A frame of `records`.
    static func records(_ records: SourceRecord...) -> Frame {
        var writer = RecordWriter()
        for record in records { record.write(to: &writer) }
        return Frame(.extra, writer.bytes)
    }

    /// A frame of what a receiver says.
    static func said(_ records: [SinkRecord]) -> Frame {
        var writer = RecordWriter()
        for record in records { record.write(to: &writer) }
        return Frame(.extra, writer.bytes)
    }

    /// The sender has said all.
    static var over: Frame { .records(.over) }

    /// The records of a sender in it.
    var sourceRecords: [SourceRecord] {
        get throws {
            var reader = RecordReader(payload)
            var records: [SourceRecord] = []
            while !reader.isAtEnd { records.append(try SourceRecord(from: &reader)) }
            return records
        }
    }
}

extension EntryHeader {
    /// A header whose path is text.
    static func of(
        _ path: String, _ kind: FileKind = .file, size: Int = 0, mode: Int = 0o644, target: String = ""
    ) -> EntryHeader {
        EntryHeader(
            source: 0, path: Array(path.utf8), kind: kind, size: size, mode: mode, target: Array(target.utf8))
    }
}

extension [UInt8] {
    /// The tree hash, leaf by leaf, as the protocol's page says it.
    var treeHash: String {
        let leaves = stride(from: 0, to: count, by: 16 << 10).map {
            SHA256.hash(Array(self[$0..<Swift.min($0 + 16 << 10, count)]))
        }
        return SHA256.hash(Array(leaves.joined())).hexadecimal
    }
}

/// The frames of one file with the number `file`, as an honest sender packs them.
func fileFrames(
    _ path: String, _ text: String, hash: [UInt8]? = nil, mode: Int = 0o644, file: Int = 0
) -> [Frame] {
    let bytes = Array(text.utf8)
    return [
        .records(.entry(.of(path, size: bytes.count, mode: mode))),
        .records(.small(file, digest: hash ?? SHA256.hash(bytes), content: bytes)),
    ]
}

/// The frames of one file, its content in `data` frames as that of large files.
func largeFrames(_ path: String, _ pieces: [[UInt8]], size: Int? = nil) -> [Frame] {
    let bytes = pieces.flatMap { $0 }
    return [.records(.entry(.of(path, size: size ?? bytes.count))), .records(.begin(0))]
        + pieces.map { Frame(.data, $0) } + [.records(.finish(digest: SHA256.hash(bytes)))]
}

/// An entry that came from a sender.
struct FetchedEntry: Equatable {
    var path: String
    var error: KithError?
}

extension FileService {
    /// Feeds `frames` to our receiving side as `caller` would, and collects the answers.
    func feed(
        _ frames: [Frame], to destination: String, as caller: Caller, isDryRun: Bool? = nil
    ) async throws -> (outcomes: [TransferOutcome], failure: KithError?) {
        let wire = Wire()
        async let answered: Void = answer(wire.far) {
            try await put(PutFiles(destination: destination, isDryRun: isDryRun), over: wire.far, from: caller)
        }
        async let sent: Void = {
            for frame in frames { try? await wire.near.send(frame) }
        }()
        var outcomes: [TransferOutcome] = []
        var failure: KithError?
        while failure == nil, let frame = try await wire.near.receive(), frame.kind != .end {
            if frame.kind == .failure { failure = try frame.decode(KithError.self) }
            guard frame.kind == .extra else { continue }
            for case .verdict(let verdict) in try SinkRecord.all(in: frame) { outcomes.append(verdict.outcome) }
        }
        await wire.cut()
        await sent
        try await answered
        return (outcomes, failure)
    }

    /// What our sending side packs for `caller` who asks for `paths` and wants it all: the entries, and the content
    /// as text.
    func fetch(_ paths: [String], as caller: Caller) async throws -> (entries: [FetchedEntry], content: String) {
        let wire = Wire()
        async let answered: Void = answer(wire.far) {
            try await get(GetFiles(paths: paths), over: wire.far, from: caller)
        }
        var entries: [FetchedEntry] = []
        var content: [UInt8] = []
        var files = 0
        while let frame = try await wire.near.receive(), frame.kind != .end, frame.kind != .failure {
            if frame.kind == .data { content += frame.payload }
            guard frame.kind == .extra else { continue }
            for record in try frame.sourceRecords {
                switch record {
                case .entry(let header):
                    entries.append(FetchedEntry(path: header.text))
                    guard header.kind == .file else { continue }
                    try await wire.near.send(.said([.want(files, blocks: [], from: 0)]))
                    files += 1
                case .unreadable(let path, let error):
                    entries.append(FetchedEntry(path: String(decoding: path, as: UTF8.self), error: error))
                case .small(_, _, let bytes): content += bytes
                case .over:
                    try await wire.near.send(.said([.summary(TransferSummary())]))
                    try await wire.near.send(Frame(.end))
                default: break
                }
            }
        }
        try await answered
        return (entries, String(decoding: content, as: UTF8.self))
    }
}
