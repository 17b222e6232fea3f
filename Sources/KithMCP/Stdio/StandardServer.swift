import Dispatch
import Glibc
import KithAPI
import Synchronization

/// `kith mcp serve`: the server on standard input and output. Nothing but the protocol goes to the output.
public struct StandardServer: Sendable {
    /// How long what is being served may take when the client has closed its end.
    private static let grace = Duration.seconds(1)

    private let server: MCPServer

    /// A server on the streams of this process.
    public init(_ server: MCPServer) { self.server = server }

    /// A server that asks the daemon at `socket`.
    ///
    /// - Parameters:
    ///   - folder: where relative paths of this machine begin.
    ///   - confirms: whether the person is asked before a command runs or a file moves.
    ///   - remedy: what to do where no daemon listens, if it is not `kith start`.
    public init(socket: String, folder: String, confirms: Bool, remedy: String? = nil) {
        var options = MCPServer.Options()
        (options.folder, options.confirms) = (folder, confirms)
        self.init(MCPServer(node: .socket(socket, remedy: remedy), options: options, isSession: true))
    }

    /// Serves until the input ends, nobody reads the output, or SIGTERM comes.
    public func run() async {
        let stop = Stop()
        let signals = stop.happening(on: [SIGTERM, SIGINT, SIGHUP])
        await run(reading: Int32(STDIN_FILENO), writing: Int32(STDOUT_FILENO), until: stop)
        for signal in signals { signal.cancel() }
    }

    /// Serves on these descriptors.
    func run(reading input: Int32, writing output: Int32, until stop: Stop) async {
        let lines = OutputLines(output)
        let conversation = Conversation(server) { line in
            // Who reads no answers has gone.
            if !(await lines.write(line)) { stop.happen() }
        }
        // A task of its own: a read that waits cannot be called back, and ends with the process.
        Task {
            await Self.listen(to: input, conversation)
            stop.happen()
        }
        await stop.wait()
        await conversation.close(grace: Self.grace)
    }

    private static func listen(to input: Int32, _ conversation: Conversation) async {
        let lines = InputLines(input)
        while true {
            switch await lines.next() {
            case .line(let line): await conversation.receive(line)
            case .tooLong: await conversation.receiveTooLong()
            case .end: return
            }
        }
    }
}

/// The moment when serving is over, whoever says so first.
final class Stop: Sendable {
    private struct State {
        var hasHappened = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Ends the wait, now or later.
    func happen() {
        let waiter = state.withLock { state in
            state.hasHappened = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns once it has happened. One caller.
    func wait() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if !state.hasHappened { state.waiter = waiter }
                return state.hasHappened
            }
            if isOver { waiter.resume() }
        }
    }

    /// Makes these signals the moment; the result has to be held and cancelled.
    func happening(on signals: [Int32]) -> [any DispatchSourceSignal] {
        signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { self.happen() }
            source.activate()
            return source
        }
    }
}
