import KithAPI
import KithClient

extension KithError {
    /// That a daemon does not run, unless one holds the home and only its socket has gone: the folders of sessions are
    /// tidied by systems, sometimes too well.
    func seeing(_ folders: Folders) -> KithError {
        guard code == .daemonNotRunning, let process = folders.holder else { return self }
        return KithError(
            .unavailable, "The daemon (process \(process)) runs, but its socket has gone: \(folders.socket).",
            hint: "Make it anew with `kith restart`; commands and terminals run on.")
    }
}
