import FoundationEssentials
import Glibc
import Synchronization

/// What several tasks change and one task draws. Changes that come while it draws are one.
final class TopStage: Sendable {
    private struct State {
        var model: TopModel
        /// All of it is to be drawn anew.
        var isDrawnOver = false
        /// The terminal is to be taken over: at first, and after this process was stopped.
        var isBegun = false
        /// This process is to stop until somebody continues it.
        var isSuspended = false
    }

    private let state: Mutex<State>
    private let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let colours: Bool

    init(_ model: TopModel, colours: Bool) {
        state = Mutex(State(model: model))
        self.colours = colours
        (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        bell.yield()
    }

    /// Changes what is known, and has it drawn.
    func update(_ change: (inout TopModel) -> Void) {
        state.withLock { change(&$0.model) }
        bell.yield()
    }

    /// Has all of it drawn again.
    func redraw() {
        state.withLock { $0.isDrawnOver = true }
        bell.yield()
    }

    /// Has the terminal taken over anew, by whomever it was used meanwhile.
    func begin() {
        state.withLock { $0.isBegun = false }
        redraw()
    }

    /// Has the terminal given back, and this process stopped until somebody continues it.
    func suspend() {
        state.withLock { $0.isSuspended = true }
        bell.yield()
    }

    /// Draws what has changed until cancelled; never answers anything but nil.
    func paint<Answer>(on terminal: RawTerminal, every pause: Duration) async -> Answer? {
        var painter = ScreenPainter(colours: colours)
        for await _ in rings {
            let now = state.withLock { state in
                defer { (state.isDrawnOver, state.isBegun, state.isSuspended) = (false, true, false) }
                state.model.now = Date()
                return state
            }
            if now.isSuspended {
                guard await stop(terminal) else { return nil }
                continue
            }
            if !now.isBegun {
                terminal.takeAgain()
                guard await write(ScreenPainter.begin) else { return nil }
            }
            if now.isDrawnOver { painter.forget() }
            guard await write(painter.draw(TopScreen.lines(now.model), now.model.size)) else { return nil }
            guard (try? await Task.sleep(for: pause)) != nil else { return nil }
        }
        return nil
    }

    /// Gives the terminal back as it was, also one that takes nothing any more.
    func leave(_ terminal: RawTerminal) {
        if !Descriptor.standardOutput.takes(within: 500) { tcflush(Descriptor.standardOutput.rawValue, TCOFLUSH) }
        if Descriptor.standardOutput.takes(within: 0) {
            try? Descriptor.standardOutput.write(Array(ScreenPainter.end.utf8))
        }
        terminal.restore()
    }

    /// Gives the terminal back and stops, as the terminal has it: with the whole group, and not where no shell could
    /// continue it.
    private func stop(_ terminal: RawTerminal) async -> Bool {
        guard await write(ScreenPainter.end) else { return false }
        terminal.restore()
        let heard = signal(SIGTSTP, SIG_DFL)
        kill(0, SIGTSTP)
        // The signal may reach another thread first; the wait is over when the process goes on.
        poll(nil, 0, 100)
        signal(SIGTSTP, heard)
        state.withLock { $0.model.size = RawTerminal.size }
        begin()
        return true
    }

    /// Writes a little at a time, so that nobody waits for a terminal that was stopped; false when cancelled.
    private func write(_ text: String) async -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard !Task.isCancelled else { return false }
            if Descriptor.standardOutput.takes(within: 0) {
                guard (try? Descriptor.standardOutput.write(Array(rest.prefix(512)))) != nil else { return false }
                rest = rest.dropFirst(512)
            } else {
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        return true
    }
}

extension Descriptor {
    /// Whether some bytes can be written within so many milliseconds.
    fileprivate func takes(within milliseconds: Int32) -> Bool {
        var wait = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, milliseconds) == 1 && wait.revents & Int16(POLLOUT) != 0
    }
}
