import Foundation
import Glibc
import KithAPI

extension Home {
    /// The configuration as it stands in its file; the defaults where there is none.
    ///
    /// - Throws: ``KithError`` `config.invalid` with file and line.
    ///
    /// That of a worker is its parent's, but for what makes it a node of its own.
    public func readConfiguration() throws -> Configuration {
        guard let descent else { return try Self.configuration(in: folders.configuration) }
        return try inherited(try Self.configuration(in: descent.configuration), by: descent)
    }

    private static func configuration(in file: String) throws -> Configuration {
        // A link to nowhere is no wish for the defaults, which listen everywhere.
        var facts = stat()
        guard lstat(file, &facts) == 0 || (errno != ENOENT && errno != ENOTDIR) else { return Configuration() }
        guard let data = FileManager.default.contents(atPath: file), data.count <= 1 << 20,
            let text = String(data: data, encoding: .utf8)
        else {
            throw KithError(.configInvalid, "\(file):1: the file cannot be read as UTF-8 text of at most 1 MiB.")
        }
        return try ConfigurationReader.read(text, file: file)
    }

    /// Writes a commented configuration if there is none.
    func writeConfiguration(name: PeerName) throws {
        guard !FileManager.default.fileExists(atPath: folders.configuration) else { return }
        let folder = (folders.configuration as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = """
            # Kith's configuration. `kith config check` reads it; `kith reload` makes changes true.
            # What is not set has the value shown behind the `#`.

            name: \(name)              # what this node calls itself

            # listen:
            #   host: 0.0.0.0         # where the peer door listens
            #   port: \(Address.defaultPort)            # 0 lets the system choose
            #   announcedPort: 15484  # what others must dial, where a router or a container maps it
            # discovery: true         # announce this node and look for others with mDNS
            # mcp:
            #   httpPort: 5485        # serve MCP over HTTP on this port of the loopback interface; none unless set
            # log:
            #   level: info           # debug, info, warning, error

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folders.configuration), options: .withoutOverwriting)
    }
}
