import KithAPI

/// The order in which a sender's records must come. Pure.
///
/// A file that was begun gets content, all that is missing and no more, and then its `finish` or `lost`, before the
/// next is begun. `over` comes last.
struct Intake {
    /// How many entries one transfer may have.
    static let maximumEntries = 1_000_000
    /// How many files may wait for their content.
    static let maximumWaiting = 2_048

    private let sources: Int
    private var entries: Int
    /// The file that was begun, and what it lacks.
    private(set) var open: (file: Int, missing: Int)?
    private(set) var isOver = false

    /// For a transfer of so many sources, 1 to 1,000, of which so many entries have come.
    init(sources: Int, entries: Int = 0) {
        self.sources = sources
        self.entries = entries
    }

    /// Takes the next record.
    ///
    /// - Throws: ``KithError`` `protocol` out of order, `limited` after too many entries. The transfer is lost then.
    mutating func admit(_ record: SourceRecord, waiting: Int) throws(KithError) {
        guard !isOver else { throw Self.violation("something after its end") }
        switch record {
        case .entry(let header): try admit(header, waiting: waiting)
        case .unreadable: try countEntry()
        case .begin: guard open == nil else { throw Self.violation("two files at once") }
        case .hole(let count): try content(count)
        case .finish: guard let open, open.missing == 0 else { throw Self.violation("fewer bytes than it announced") }
        case .over:
            guard open == nil, waiting == 0 else { throw Self.violation("its end before all was said") }
            isOver = true
        case .proof, .blocks, .small, .lost, .total: break
        }
    }

    private mutating func admit(_ header: EntryHeader, waiting: Int) throws(KithError) {
        guard (0..<sources).contains(header.source) else { throw Self.violation("an entry of an unknown source") }
        guard header.kind == .file || header.size == 0 else { throw Self.violation("an entry of an impossible size") }
        guard waiting < Self.maximumWaiting else { throw Self.violation("too much at once") }
        try countEntry()
    }

    private mutating func countEntry() throws(KithError) {
        entries += 1
        guard entries <= Self.maximumEntries else {
            throw KithError(
                .limited, "A transfer has at most \(Self.maximumEntries) entries.", hint: "Send the folder in parts.")
        }
    }

    /// A file is begun that lacks so many bytes.
    mutating func begin(_ file: Int, missing: Int) { open = (file, missing) }

    /// The file that was begun is over.
    mutating func finish() { open = nil }

    /// So many bytes of content have come.
    mutating func content(_ count: Int) throws(KithError) {
        guard let current = open, count <= current.missing else { throw Self.violation("more bytes than it announced") }
        open = (current.file, current.missing - count)
    }

    static func violation(_ what: String) -> KithError {
        KithError(.protocolViolation, "The other side sent \(what).", hint: "Check that both sides run a current Kith.")
    }
}
