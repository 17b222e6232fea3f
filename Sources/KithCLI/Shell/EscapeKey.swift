import ArgumentParser

/// The key with which people speak to `kith shell` itself: a letter held with Ctrl, or none.
struct EscapeKey: ExpressibleByArgument, Equatable {
    /// The letter, in lower case; nil where there is no such key.
    let letter: UInt8?

    /// Ctrl-A.
    static let usual = EscapeKey(letter: UInt8(ascii: "a"))

    init(letter: UInt8?) { self.letter = letter }

    /// Reads `ctrl-b`, `C-b`, `^b` or `none`; nil for anything else.
    init?(argument: String) {
        let text = argument.lowercased()
        if text == "none" {
            self.init(letter: nil)
            return
        }
        guard let prefix = ["ctrl-", "c-", "^"].first(where: text.hasPrefix) else { return nil }
        let rest = Array(text.dropFirst(prefix.count).utf8)
        guard rest.count == 1, let letter = rest.first, (0x61...0x7A).contains(letter) else { return nil }
        self.init(letter: letter)
    }

    /// How it is called.
    var text: String { letter.map { "Ctrl-" + String(decoding: [$0 - 0x20], as: UTF8.self) } ?? "none" }
}

/// Tells the escape key and what follows it from all other input. Pure.
///
/// The key is known as terminals send it by themselves, and as they do when a program asked for more (kitty's
/// keyboard protocol, xterm's modifyOtherKeys). Inside pasted text nothing is a key.
struct EscapeKeys: Sendable {
    enum Action: Sendable, Equatable {
        /// Bytes for the program.
        case send([UInt8])
        /// Leave the terminal as it is.
        case detach
    }

    private static let pasteBegins = Array("\u{1b}[200~".utf8)
    private static let pasteEnds = Array("\u{1b}[201~".utf8)

    private let key: EscapeKey
    /// The escape key as it was sent, while what follows it is awaited.
    private var pending: [UInt8]?
    private var isPasting = false

    init(_ key: EscapeKey) { self.key = key }

    /// Takes what was typed.
    mutating func receive(_ bytes: [UInt8]) -> [Action] {
        guard let letter = key.letter else { return [.send(bytes)] }
        var actions: [Action] = []
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let stroke = Self.stroke(in: bytes[index...])
            index += stroke.count
            if follow(stroke, letter, &plain) == .detach {
                if !plain.isEmpty { actions.append(.send(plain)) }
                return actions + [.detach]
            }
        }
        return plain.isEmpty ? actions : actions + [.send(plain)]
    }

    private mutating func follow(_ stroke: ArraySlice<UInt8>, _ letter: UInt8, _ plain: inout [UInt8]) -> Action? {
        if isPasting || stroke.elementsEqual(Self.pasteBegins) {
            isPasting = !stroke.elementsEqual(Self.pasteEnds)
            plain += stroke
            return nil
        }
        guard let held = pending else {
            if Self.isKey(stroke, letter) { pending = Array(stroke) } else { plain += stroke }
            return nil
        }
        // The key's own release, and those of Ctrl, come between the two.
        if Self.isRelease(stroke) { return nil }
        pending = nil
        if Self.isLetter(stroke, UInt8(ascii: "d")) { return .detach }
        plain += Self.isLetter(stroke, letter) || Self.isKey(stroke, letter) ? held : held + stroke
        return nil
    }

    /// The first keystroke of `bytes`: a sequence if a whole one stands there, or a byte.
    private static func stroke(in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.starts(with: [0x1B, 0x5B]) else { return bytes.prefix(1) }
        let end = bytes.dropFirst(2).firstIndex { !(0x20...0x3F).contains($0) }
        guard let end, (0x40...0x7E).contains(bytes[end]), end - bytes.startIndex < 32 else { return bytes.prefix(1) }
        return bytes[bytes.startIndex...end]
    }

    /// Whether this is the letter held with Ctrl, and pressed.
    private static func isKey(_ stroke: ArraySlice<UInt8>, _ letter: UInt8) -> Bool {
        if stroke.count == 1 { return stroke.first == letter & 0x1F }
        let text = String(decoding: stroke.dropFirst(2), as: UTF8.self)
        return ["\(letter);5u", "\(letter);5:1u", "27;5;\(letter)~"].contains(text)
    }

    /// Whether this is the letter alone, or with Shift or Ctrl.
    private static func isLetter(_ stroke: ArraySlice<UInt8>, _ letter: UInt8) -> Bool {
        if stroke.count == 1, let byte = stroke.first { return [letter, letter - 0x20, letter & 0x1F].contains(byte) }
        let text = String(decoding: stroke.dropFirst(2), as: UTF8.self)
        let codes = ["\(letter)u", "\(letter);1u", "\(letter);2u", "\(letter);1:1u", "\(letter);2:1u"]
        return codes.contains(text) || isKey(stroke, letter)
    }

    private static func isRelease(_ stroke: ArraySlice<UInt8>) -> Bool {
        guard stroke.count > 3, stroke.last == UInt8(ascii: "u") else { return false }
        let text = String(decoding: stroke, as: UTF8.self)
        return text.hasSuffix(":3u") || text.hasPrefix("\u{1b}[57442") || text.hasPrefix("\u{1b}[57448")
    }
}
