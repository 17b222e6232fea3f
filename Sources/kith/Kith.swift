import Glibc
import KithCLI
import KithKeeper

/// The executable that people and agents start.
@main
struct Kith {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        // Before anything else: these are processes of the node, not commands of a person.
        switch words.first {
        case "keeper": KeeperProgram.run(Array(words.dropFirst()))
        case Confinement.command: _exit(ConfineProgram.run(Array(words.dropFirst())))
        default: await Program.main()
        }
    }
}
