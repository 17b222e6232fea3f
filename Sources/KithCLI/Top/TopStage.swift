import FoundationEssentials
import Glibc
import Synchronization

/// What several tasks change and one task draws. Changes that come while it draws are one.
final class TopStage: Sendable {
    private struct State {
        var model: TopModel
        var isDrawnOver = false
        var pauses = false
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

    /// Gives the terminal back and stops this process, as Ctrl-Z does elsewhere, until its shell continues it.
    func pause() {
        state.withLock { $0.pauses = true }
        bell.yield()
    }

    /// Draws what has changed until cancelled; never answers anything but nil.
    func paint<Answer>(on terminal: RawTerminal, every pause: Duration) async -> Answer? {
        var painter = ScreenPainter(colours: colours)
        guard await write(ScreenPainter.begin) else { return nil }
        for await _ in rings {
            if takesPause() {
                stop(terminal)
                painter.forget()
                guard await write(ScreenPainter.begin) else { return nil }
            }
            let (model, isDrawnOver) = state.withLock { state in
                defer { state.isDrawnOver = false }
                state.model.now = Date()
                return (state.model, state.isDrawnOver)
            }
            if isDrawnOver { painter.forget() }
            guard await write(painter.draw(TopScreen.lines(model), model.size)) else { return nil }
            guard (try? await Task.sleep(for: pause)) != nil else { return nil }
        }
        return nil
    }

    private func takesPause() -> Bool {
        state.withLock { state in
            defer { state.pauses = false }
            return state.pauses
        }
    }

    /// Here, where nobody draws meanwhile. A process whose shell has no jobs is not stopped by the signal, and goes on.
    private func stop(_ terminal: RawTerminal) {
        leave(terminal)
        kill(0, SIGTSTP)
        // The signal may reach another thread first; the wait is over when the process goes on.
        poll(nil, 0, 100)
        terminal.take()
        state.withLock { $0.model.size = RawTerminal.size }
    }

    /// Gives the terminal back as it was, also one that takes nothing any more.
    func leave(_ terminal: RawTerminal) {
        if !Descriptor.standardOutput.takes(within: 500) { tcflush(Descriptor.standardOutput.rawValue, TCOFLUSH) }
        if Descriptor.standardOutput.takes(within: 0) {
            try? Descriptor.standardOutput.write(Array(ScreenPainter.end.utf8))
        }
        terminal.restore()
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
