import KithAPI

/// A terminal's screen and the clients that look at it.
///
/// - The smallest window of those that may type is the terminal's size; with none of them it stays as it is.
/// - A client is given bytes when it asks for them; until then they wait, up to ``Viewer/backlogLimit``. One that
///   is further behind gets the screen instead, so that nobody has to wait for it.
/// - A question of the program (where is the cursor, what are you) is passed on to one client: the one that came
///   first of those that may type and see the output as it is. With none of them the screen answers. What was
///   passed on and then dropped, because that client fell behind or left, the screen answers.
final class Audience {
    /// A client, as the owner knows it.
    typealias ID = Int

    let screen: Screen
    private var viewers: [ID: Viewer] = [:]

    init?(_ size: TerminalSize) {
        guard let screen = Screen(size) else { return nil }
        self.screen = screen
        self.size = size
    }

    /// The size that the program is told.
    private(set) var size: TerminalSize

    /// How many look.
    var count: Int { viewers.count }

    /// Takes what the program wrote; gives what it is to read as an answer.
    func wrote(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let passage = screen.feed(bytes)
        guard !passage.bytes.isEmpty else { return [] }
        let answering = viewers.filter(\.value.canAnswer).keys.min()
        var answers = answering == nil ? passage.questions.map(\.answer) : []
        for id in viewers.keys { answers += viewers[id]?.add(passage, answers: id == answering) ?? [] }
        return Array(answers.joined())
    }

    /// A client comes; numbers grow. The owner tells the program the ``size`` afterwards.
    func join(_ id: ID, size: TerminalSize, isReadOnly: Bool, withScrollback: Bool = true) {
        viewers[id] = Viewer(size: size.clamped, isReadOnly: isReadOnly, withScrollback: withScrollback)
        fit()
    }

    /// A client leaves; gives what the program is to read in its place.
    func leave(_ id: ID) -> [UInt8] {
        let owed = viewers[id]?.drop() ?? []
        viewers[id] = nil
        fit()
        return Array(owed.joined())
    }

    /// A client's window has another size. Gives what the program is to read in its place.
    func resize(_ id: ID, to size: TerminalSize) -> [UInt8] {
        guard let old = viewers[id]?.size, old != size.clamped else { return [] }
        viewers[id]?.size = size.clamped
        let owed = viewers[id]?.drop() ?? []
        fit()
        return Array(owed.joined())
    }

    /// What to send to a client now; empty if nothing.
    func take(_ id: ID) -> [UInt8] { viewers[id]?.take(from: screen) ?? [] }

    private func fit() {
        let writers = viewers.values.filter { !$0.isReadOnly }.map(\.size)
        guard let columns = writers.map(\.columns).min(), let rows = writers.map(\.rows).min() else { return }
        let new = TerminalSize(columns: columns, rows: rows)
        guard new != size else { return }
        size = new
        screen.resize(new)
        for id in viewers.keys { _ = viewers[id]?.drop() }
    }
}
