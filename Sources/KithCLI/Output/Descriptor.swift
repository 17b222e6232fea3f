import ArgumentParser
import Dispatch
import Glibc
import KithAPI

/// One of the three open files that every program is given.
enum Descriptor: Int32, Sendable {
    case standardInput = 0
    case standardOutput = 1
    case standardError = 2

    /// Whether a person sits at it.
    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Columns of the terminal; 80 where there is none.
    var width: Int {
        var size = winsize()
        guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes everything, waiting as long as it takes.
    ///
    /// - Throws: `ExitCode(141)` where nobody reads any more, as a shell reports SIGPIPE.
    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(rawValue, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 { rest = rest.dropFirst(count) } else { try recover(errno) }
            }
        }
    }

    private func recover(_ reason: Int32) throws {
        switch reason {
        case EINTR: return
        case EAGAIN:
            var wait = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
            poll(&wait, 1, -1)
        case EPIPE: throw ExitCode.brokenPipe
        default: throw KithError(.fileIO, "The output cannot be written: \(String(cString: strerror(reason))).")
        }
    }

    /// Whether a small write would not wait.
    private var hasRoom: Bool {
        var wait = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, 0) == 1 && wait.revents & Int16(POLLOUT) != 0
    }

    /// Whether it is a file, which never makes us wait.
    private var isFile: Bool {
        var facts = stat()
        return fstat(rawValue, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// Writes everything off the concurrency pool, so that signals and input are heard while a slow reader
    /// makes us wait. Little data that fits at once goes out directly, and so does all that goes to a file.
    func stream(_ bytes: [UInt8]) async throws {
        if bytes.count <= Int(PIPE_BUF) ? hasRoom : isFile { return try write(bytes) }
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result { try write(bytes) }) }
        }
    }

    private static let queue = DispatchQueue(label: "kith.output")
}

extension ExitCode {
    /// Nobody reads our output any more: 128 + SIGPIPE.
    static let brokenPipe = ExitCode(141)
}
