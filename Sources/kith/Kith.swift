import KithCLI

/// The executable that people and agents start.
@main
struct Kith {
    static func main() {
        Program.main()
    }
}
