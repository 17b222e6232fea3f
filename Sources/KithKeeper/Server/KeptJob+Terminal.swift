import CLinux
import Glibc
import KithAPI

extension KeptJob {
    /// Changes the window of the terminal.
    ///
    /// - Throws: ``KithError`` `request.invalid` for a job without one.
    func resize(_ size: TerminalSize) throws(KithError) {
        guard meta.terminal != nil, let pipe = outputs.first else {
            throw KithError(.requestInvalid, "The job has no terminal.", hint: "Start it with one.")
        }
        let (columns, rows) = (UInt16(clamping: size.columns), UInt16(clamping: size.rows))
        guard kith_terminal_resize(pipe.watch.descriptor, columns, rows) == 0 else {
            throw KithError(.requestInvalid, "The window cannot have this size.")
        }
    }

    /// What asks it to end: programs in a terminal know that it can go.
    var endSignal: Int32 { meta.terminal == nil ? SIGTERM : SIGHUP }
}
