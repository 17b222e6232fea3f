import Glibc
import KithCLI
import KithKeeper
import KithMCP

/// The executable that people and agents start.
@main
struct Kith {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        // Before anything else: these are processes of the node, not commands of a person.
        switch words.first {
        case "keeper": KeeperProgram.run(Array(words.dropFirst()))
        case Confinement.command: _exit(ConfineProgram.run(Array(words.dropFirst())))
        default:
            Program.main(mcpServer: {
                await StandardServer(
                    socket: $0.socket, folder: $0.folder, confirms: $0.confirms, remedy: $0.remedy
                ).run()
            })
        }
    }
}
