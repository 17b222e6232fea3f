import ArgumentParser
import Glibc
import KithAPI
import KithClient

/// The one renderer: all that `kith` prints goes through here, answers to standard output and the rest
/// to standard error.
struct Output: Sendable {
    /// For whom the answer is.
    enum Format {
        case json, people
    }

    let format: Format

    /// Columns of the terminal that answers go to; nil where they go elsewhere and nothing may be cut.
    var width: Int? { Descriptor.standardOutput.isTerminal ? Descriptor.standardOutput.width : nil }

    /// Shows an answer: its bytes for programs, `view` of it for people (nothing where the view is nil).
    func show<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type, view: (Value) throws -> String?) throws {
        switch format {
        case .json: try answer(bytes)
        case .people: if let text = try view(KithClient.read(type, from: bytes)) { try answer(text) }
        }
    }

    /// Shows an answer that was put together here.
    func show<Value: Codable>(_ value: Value, view: (Value) throws -> String) throws {
        switch format {
        case .json: try answer(try JSON.encode(value))
        case .people: try answer(try view(value))
        }
    }

    /// Text on standard output, as a line of its own. Nothing if it is empty.
    func answer(_ text: String) throws {
        guard !text.isEmpty else { return }
        try answer(Array(text.utf8))
    }

    /// Bytes on standard output, with a line feed.
    func answer(_ bytes: [UInt8]) throws {
        try Descriptor.standardOutput.write(bytes.last == UInt8(ascii: "\n") ? bytes : bytes + [UInt8(ascii: "\n")])
    }

    /// A line for the person at the terminal, on standard error; never fails.
    func note(_ text: String) {
        try? Descriptor.standardError.write(Array((text + "\n").utf8))
    }
}
