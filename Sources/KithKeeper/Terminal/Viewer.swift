import KithAPI

/// One client of a terminal: its window, and what it has still to be given. Pure.
struct Viewer {
    /// How it is kept up to date.
    enum View {
        /// The whole screen is due; with the scrollback for one that has just come.
        case due(withScrollback: Bool)
        /// It gets what the program writes, as it is: its window has the size of the terminal.
        case live
        /// Its window has another size, and is drawn line by line.
        case painted(Painter)
    }

    /// Bytes that wait for a client; one that is further behind gets the screen instead.
    static let backlogLimit = 256 << 10

    var size: TerminalSize
    let isReadOnly: Bool
    private(set) var view: View
    private(set) var backlog: [UInt8] = []
    /// The answers to the questions in ``backlog``, should it be dropped.
    private var owed: [[UInt8]] = []

    init(size: TerminalSize, isReadOnly: Bool, withScrollback: Bool) {
        view = .due(withScrollback: withScrollback)
        self.size = size
        self.isReadOnly = isReadOnly
    }

    /// Whether its terminal could answer questions.
    var canAnswer: Bool {
        guard case .live = view else { return false }
        return !isReadOnly
    }

    /// Adds what the program wrote; gives the answers to questions that the client will not see any more.
    mutating func add(_ passage: Passage, answers: Bool) -> [[UInt8]] {
        guard case .live = view else { return [] }
        backlog += answers ? passage.bytes : passage.withoutQuestions
        if answers { owed += passage.questions.map(\.answer) }
        return backlog.count > Self.backlogLimit ? drop() : []
    }

    /// Makes the whole screen due; gives the answers that were owed.
    mutating func drop() -> [[UInt8]] {
        defer { (backlog, owed) = ([], []) }
        if case .due = view { return owed }
        view = .due(withScrollback: false)
        return owed
    }

    /// What to send now.
    mutating func take(from screen: Screen) -> [UInt8] {
        switch view {
        case .due(let withScrollback) where size == screen.size:
            view = .live
            return (withScrollback ? screen.restore() : screen.repaint()) + screen.openString
        case .due:
            var painter = Painter()
            defer { view = .painted(painter) }
            return painter.paint(screen, in: size)
        case .live:
            defer { (backlog, owed) = ([], []) }
            return backlog
        case .painted(var painter):
            defer { view = .painted(painter) }
            return painter.paint(screen, in: size)
        }
    }
}
