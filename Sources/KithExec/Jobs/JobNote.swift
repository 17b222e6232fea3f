import FoundationEssentials
import KithAPI
import KithKeeper

/// What the keeper keeps for us with a job: all that a daemon that starts anew has to know of it.
struct JobNote: Codable, Sendable, Equatable {
    /// The peer that started it; nil for the owner.
    var peer: PeerID?
    /// What it was called then.
    var startedBy: String
    var kind: Job.Kind
    var title: String
    /// What a terminal is called.
    var name: String?
    var folder: String
    var sandbox: SandboxProfile
    /// Its own temporary folder, removed at its end.
    var temporary: String?
    /// Whether a control group may have been made for it, removed at its end; nil where nobody noted it.
    var hasGroup: Bool?

    /// A note about what `caller` starts.
    init(_ command: PlannedCommand, kind: Job.Kind, name: String? = nil, for caller: Caller) {
        if case .peer(let peer) = caller { self.peer = peer.id }
        startedBy = caller.title
        self.kind = kind
        title = CommandTitle.text(command.words)
        self.name = name
        folder = command.folder
        sandbox = command.sandbox
        hasGroup = command.bounds.processes != nil
    }

    /// Reads a note; nil if another program wrote it.
    init?(_ bytes: [UInt8]) {
        guard let note = try? JSON.decode(JobNote.self, from: bytes) else { return nil }
        self = note
    }

    var holder: Holder { peer.map { .peer($0) } ?? .owner }
}

/// A command as people would type it.
enum CommandTitle {
    /// Bytes that are kept of it.
    static let limit = 4096

    /// The words, quoted where a shell would need it; cut at ``limit``.
    static func text(_ words: [String]) -> String {
        let text = isShellLine(words) ? words[3] : words.map(quoted).joined(separator: " ")
        guard text.utf8.count > limit else { return text }
        return String(decoding: text.utf8.prefix(limit), as: UTF8.self) + "…"
    }

    private static func isShellLine(_ words: [String]) -> Bool {
        words.count == 4 && words[0].hasSuffix("/sh") && words[1] == "-c" && words[2] == "--"
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                byte >= 0x80 || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "_-./:=@%+,~^".utf8.contains(byte)
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

extension Job {
    /// What is known of a job, for whoever may see it.
    init(_ record: JobRecord, _ note: JobNote) {
        self.init(
            jobID: record.id, kind: note.kind, title: note.title, name: note.name, folder: note.folder,
            startedBy: note.startedBy, startedAt: record.startedAt, isDetached: record.isDetached,
            sandbox: note.sandbox, outputBytes: record.outputBytes, followers: record.followers)
        switch record.state {
        case .running: state = .running
        case .ended(let how): (state, end) = (.ended, CommandEnd(jobID: record.id, how, sandbox: note.sandbox))
        case .lost: state = .lost
        }
    }
}
