import Glibc

/// One line on a terminal that says how far a long thing is, and vanishes at the end. Silent elsewhere.
struct ProgressLine {
    private let isShown: Bool
    private let width: Int
    private var isDrawn = false

    /// A line on standard error, if that is a terminal and `isWanted`.
    init(isWanted: Bool) {
        isShown = isWanted && Descriptor.standardError.isTerminal
        width = isShown ? Descriptor.standardError.width : 80
    }

    /// Shows `text`, cut to the width of the terminal, in place of what was shown before.
    mutating func show(_ text: String) {
        guard isShown else { return }
        try? Descriptor.standardError.write(Array("\r\u{1b}[K\(text.prefix(width - 1))".utf8))
        isDrawn = true
    }

    /// Takes the line away, so that something else can be printed.
    mutating func erase() {
        guard isDrawn else { return }
        try? Descriptor.standardError.write(Array("\r\u{1b}[K".utf8))
        isDrawn = false
    }
}
