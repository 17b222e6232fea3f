import FoundationEssentials
import KithAPI

/// A ``JobRecord`` as JSON.
struct RecordForm: Codable, Sendable, Equatable {
    var id: JobID
    var note: Data
    var terminal: TerminalSize?
    /// Milliseconds since 1970.
    var startedAt: Int
    var isDetached: Bool
    var end: ProcessEnd?
    var isLost: Bool
    var outputBytes: Int
    var inputTaken: Int
    var followers: Int

    init(_ record: JobRecord) {
        id = record.id
        note = Data(record.note)
        terminal = record.terminal
        startedAt = record.startedAt.milliseconds
        isDetached = record.isDetached
        if case .ended(let end) = record.state { self.end = end }
        isLost = record.state == .lost
        outputBytes = record.outputBytes
        inputTaken = record.inputTaken
        followers = record.followers
    }

    var record: JobRecord {
        JobRecord(
            id: id, note: Array(note), terminal: terminal, startedAt: Date(milliseconds: startedAt),
            isDetached: isDetached, state: end.map { .ended($0) } ?? (isLost ? .lost : .running),
            outputBytes: outputBytes, inputTaken: inputTaken, followers: followers)
    }
}
