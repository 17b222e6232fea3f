import KithDaemon

/// The daemon's executable; see `kithd.md`.
@main struct Kithd {
    static func main() async {
        await DaemonProgram.run(CommandLine.arguments)
    }
}
