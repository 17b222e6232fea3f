import Glibc
import KithDaemon

/// The daemon's executable; see `kithd.md`.
@main struct Kithd {
    static func main() async {
        // Dispatch wants to change its threads' priorities; whom the kernel does not let would find a line of it in the
        // system's log with every command.
        setenv("LIBDISPATCH_LOG", "NO", 0)
        await DaemonProgram.run(CommandLine.arguments)
    }
}
