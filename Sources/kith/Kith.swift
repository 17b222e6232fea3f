import KithCLI
import KithKeeper

/// The executable that people and agents start.
@main
struct Kith {
    static func main() async {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "keeper" { KeeperProgram.run(Array(words.dropFirst())) }
        await Program.main()
    }
}
