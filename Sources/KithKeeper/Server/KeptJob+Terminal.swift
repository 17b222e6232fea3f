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
        var window = winsize(
            ws_row: UInt16(clamping: size.rows), ws_col: UInt16(clamping: size.columns), ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(pipe.watch.descriptor, UInt(TIOCSWINSZ), &window) == 0 else {
            throw KithError(.requestInvalid, "The window cannot have this size.")
        }
    }
}
