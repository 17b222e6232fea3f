import KithCLI
import KithMCP

/// The executable that people and agents start.
@main
struct Kith {
    static func main() async {
        await Program.main(mcpServer: {
            await StandardServer(socket: $0.socket, folder: $0.folder, confirms: $0.confirms).run()
        })
    }
}
