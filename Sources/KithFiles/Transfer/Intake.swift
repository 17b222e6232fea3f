import KithAPI

/// The order in which the frames of a transfer must come. Pure.
///
/// Between entries comes a header; after the header of a file its content, then its trailer.
struct Intake {
    /// How many entries one transfer may have.
    static let maximumEntries = 1_000_000

    /// What a frame means.
    enum Step: Equatable {
        case entry(TransferHeader)
        case content([UInt8])
        case trailer(TransferTrailer)
    }

    private let sources: Int
    private var entries: Int
    /// Bytes that the open file still lacks; nil between entries.
    private var missing: Int?

    /// For a transfer of so many sources, 1 to 1,000, of which so many entries have come.
    init(sources: Int, entries: Int = 0) {
        self.sources = sources
        self.entries = entries
    }

    /// Takes the next frame that is not an end.
    ///
    /// - Throws: ``KithError`` `protocol` out of order, `request.invalid` if the JSON is not what it should be,
    ///   `limited` after too many entries. The transfer is lost then.
    mutating func receive(_ frame: Frame) throws -> Step {
        switch (frame.kind, missing) {
        case (.event, nil): try header(frame)
        case (.event, .some(let missing)): try trailer(frame, missing)
        case (.data, .some(let missing)): try content(frame, missing)
        default: throw Self.violation("a frame that does not belong here")
        }
    }

    private mutating func header(_ frame: Frame) throws -> Step {
        let header = try frame.decode(TransferHeader.self)
        guard (0..<sources).contains(header.source) else { throw Self.violation("an entry of an unknown source") }
        guard header.size >= 0, header.type == .file || header.size == 0 else {
            throw Self.violation("an entry of an impossible size")
        }
        entries += 1
        guard entries <= Self.maximumEntries else {
            throw KithError(
                .limited, "A transfer has at most \(Self.maximumEntries) entries.", hint: "Send the folder in parts.")
        }
        missing = header.type == .file && header.error == nil ? header.size : nil
        return .entry(header)
    }

    private mutating func content(_ frame: Frame, _ missing: Int) throws -> Step {
        guard frame.payload.count <= missing else { throw Self.violation("more bytes than it announced") }
        self.missing = missing - frame.payload.count
        return .content(frame.payload)
    }

    private mutating func trailer(_ frame: Frame, _ missing: Int) throws -> Step {
        let trailer = try frame.decode(TransferTrailer.self)
        guard missing == 0 || trailer.error != nil else { throw Self.violation("fewer bytes than it announced") }
        self.missing = nil
        return .trailer(trailer)
    }

    private static func violation(_ what: String) -> KithError {
        KithError(.protocolViolation, "The other side sent \(what).", hint: "Check that both sides run a current Kith.")
    }
}
