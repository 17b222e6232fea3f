import Foundation
import Glibc
import KithAPI
import Synchronization

/// The file of the daemon's own log, `daemon.log`: at most five files of 64 MiB, the newest without a number.
///
/// What is written reaches standard error, too, unless that is this very file, as `kith start` makes it.
final class RotatingLog: Sendable {
    /// What a file may have, and how many there are.
    struct Limits: Sendable {
        var bytes = 64 << 20
        var files = 5
    }

    private struct State {
        var descriptor: Int32
        /// Whether standard error is this file; it then follows each change of files.
        var hasErrors: Bool
    }

    private let path: String
    private let limits: Limits
    private let state: Mutex<State>

    /// Opens the log in `folder`, which is there; new files are readable by their owner alone.
    ///
    /// - Throws: ``KithError`` `file.io`.
    convenience init(folder: String) throws(KithError) { try self.init(folder: folder, limits: Limits()) }

    init(folder: String, limits: Limits) throws(KithError) {
        path = folder + "/daemon.log"
        self.limits = limits
        let descriptor = Self.open(path)
        guard descriptor >= 0 else {
            throw KithError(.fileIO, "The log `\(path)` cannot be written: \(String(cString: strerror(errno))).")
        }
        state = Mutex(State(descriptor: descriptor, hasErrors: Self.isSame(descriptor, STDERR_FILENO)))
    }

    deinit { _ = state.withLock { close($0.descriptor) } }

    /// Appends a line, which has its end. What the disk does not take is lost.
    func write(_ line: String) {
        let bytes = Array(line.utf8)
        state.withLock { state in
            let (size, isThere) = Self.facts(state.descriptor)
            if !isThere { go(to: Self.open(path), &state) }
            if isThere, size + bytes.count > limits.bytes { rotate(&state) }
            LineOutput.write(bytes, to: state.descriptor)
            if !state.hasErrors { LineOutput.write(bytes, to: STDERR_FILENO) }
        }
    }

    /// Begins a new file; the oldest goes. Where that fails, the old one goes on.
    private func rotate(_ state: inout State) {
        let next = Self.open(path + ".new")
        guard next >= 0 else { return }
        for number in stride(from: limits.files - 1, to: 1, by: -1) {
            rename("\(path).\(number - 1)", "\(path).\(number)")
        }
        rename(path, path + ".1")
        rename(path + ".new", path)
        go(to: next, &state)
    }

    /// Writes there from now on, if it could be opened.
    private func go(to next: Int32, _ state: inout State) {
        guard next >= 0 else { return }
        close(state.descriptor)
        state.descriptor = next
        if state.hasErrors { dup2(next, STDERR_FILENO) }
    }

    private static func open(_ path: String) -> Int32 {
        // Not even a pipe without a reader keeps anybody waiting.
        Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    }

    /// How long the file is, and whether it has a name still: somebody may have removed it.
    private static func facts(_ descriptor: Int32) -> (size: Int, isThere: Bool) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return (0, true) }
        return (Int(facts.st_size), facts.st_nlink > 0)
    }

    private static func isSame(_ one: Int32, _ other: Int32) -> Bool {
        var (first, second) = (stat(), stat())
        guard fstat(one, &first) == 0, fstat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
