import Glibc
import KithCLI
import KithKeeper

/// The executable that people and agents start.
@main
struct Kith {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        // Before anything else: this is how every fenced command begins.
        if words.first == Confinement.command { _exit(ConfineProgram.run(Array(words.dropFirst()))) }
        await Program.main()
    }
}
