import Glibc
import KithCLI
import KithKeeper
import KithMCP

/// The executable that people and agents start.
@main
struct Kith {
    static func main() {
        // Dispatch wants to change its threads' priorities; whom the kernel does not let would find a line of it in the
        // system's log with every command.
        setenv("LIBDISPATCH_LOG", "NO", 0)
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
