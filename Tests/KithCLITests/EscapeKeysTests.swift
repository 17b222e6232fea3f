import Testing

@testable import KithCLI

struct EscapeKeysTests {
    /// What comes of `typed`, piece by piece.
    private func actions(_ typed: [String], _ key: EscapeKey = .usual) -> [EscapeKeys.Action] {
        var keys = EscapeKeys(key)
        return typed.flatMap { keys.receive(Array($0.utf8)) }
    }

    private func sent(_ text: String) -> EscapeKeys.Action { .send(Array(text.utf8)) }

    @Test(arguments: [
        "\u{1}d", "\u{1}D", "\u{1}\u{4}", "\u{1b}[97;5ud", "\u{1b}[97;5u\u{1b}[97;5:3u\u{1b}[100u",
        "\u{1b}[97;5u\u{1b}[57442;5:3ud", "\u{1b}[27;5;97~d", "\u{1b}[27;5;97~\u{1b}[100;1u",
    ])
    func `the key and D leave, however the terminal writes them`(typed: String) {
        #expect(actions([typed + "never"]) == [.detach])
    }

    @Test func `what was typed before is sent first`() {
        #expect(actions(["abc\u{1}dxyz"]) == [sent("abc"), .detach])
    }

    @Test func `the two may come apart`() {
        #expect(actions(["\u{1}", "d"]) == [.detach])
    }

    @Test(arguments: ["\u{1}a", "\u{1}A", "\u{1}\u{1}"])
    func `the key and its letter send the key`(typed: String) {
        #expect(actions([typed]) == [sent("\u{1}")])
    }

    @Test func `the key as a sequence is sent as it came`() {
        #expect(actions(["\u{1b}[97;5ua"]) == [sent("\u{1b}[97;5u")])
    }

    @Test func `anything else behind the key is sent with it`() {
        #expect(actions(["\u{1}x", "y"]) == [sent("\u{1}x"), sent("y")])
        #expect(actions(["\u{1}\u{1b}[A"]) == [sent("\u{1}\u{1b}[A")])
    }

    @Test func `nothing in pasted text is a key`() {
        let paste = "\u{1b}[200~\u{1}d\u{1b}[201~"
        #expect(actions([paste + "\u{1}d"]) == [sent(paste), .detach])
        #expect(
            actions(["\u{1b}[200~a", "\u{1}d", "b\u{1b}[201~"]) == [
                sent("\u{1b}[200~a"), sent("\u{1}d"), sent("b\u{1b}[201~"),
            ])
    }

    @Test func `without a key all is sent`() {
        #expect(actions(["\u{1}d"], EscapeKey(letter: nil)) == [sent("\u{1}d")])
    }

    @Test func `bytes that are no text go through as they are`() {
        var keys = EscapeKeys(.usual)
        let bytes: [UInt8] = [0xFF, 0x1B, 0x5B, 0x80, 0x00, 0x1B]
        #expect(keys.receive(bytes) == [.send(bytes)])
    }

    @Test(arguments: [
        ("ctrl-b", "Ctrl-B"), ("C-b", "Ctrl-B"), ("^b", "Ctrl-B"), ("Ctrl-Z", "Ctrl-Z"), ("none", "none"),
    ])
    func `a key is written in several ways`(word: String, name: String) {
        #expect(EscapeKey(argument: word)?.text == name)
    }

    @Test(arguments: ["b", "ctrl-", "ctrl-1", "ctrl-bb", "", "alt-b", "ctrl-ä"])
    func `other words are no key`(word: String) {
        #expect(EscapeKey(argument: word) == nil)
    }

    @Test func `the chosen key leaves and the usual one does not`() {
        let key = EscapeKey(letter: UInt8(ascii: "b"))
        #expect(actions(["\u{1}d\u{2}d"], key) == [sent("\u{1}d"), .detach])
    }
}
