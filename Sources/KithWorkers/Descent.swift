import Glibc
public import KithAPI
import KithTrust

/// Whose worker a node is: `worker.json` in its folder, written by its parent. A node without one is nobody's.
public struct Descent: Codable, Sendable, Equatable {
    /// Its name below the parent's.
    public var name: PeerName
    /// The parent's data folder.
    public var data: String
    /// The parent's logs and its own log.
    public var logs: String
    /// The folder of the parent's socket.
    public var runtime: String
    /// The parent's configuration, which is the worker's as well.
    public var configuration: String

    private static let fileName = "worker.json"

    /// The descent of a worker called `name` of the node with these folders.
    init(_ name: PeerName, of parent: Folders) {
        (self.name, data, logs) = (name, parent.data, parent.logs)
        (runtime, configuration) = (parent.runtime, parent.configuration)
    }

    /// What is written in the data folder `folder`; nil where nothing is. Blocks on the disk.
    ///
    /// - Throws: ``KithError`` `store.damaged`, or `denied` where others could have written it.
    public static func read(in folder: String) throws(KithError) -> Descent? {
        let path = folder + "/" + fileName
        guard access(path, F_OK) == 0 || errno != ENOENT else { return nil }
        let bytes = try PrivateFile.read(path, limit: 64 << 10)
        guard let descent = try? JSON.decode(Descent.self, from: bytes), descent.name.parent == nil,
            descent.folders.allSatisfy({ $0.hasPrefix("/") })
        else {
            throw KithError(.storeDamaged, "\(path) cannot be read.", hint: "Remove this worker and start it anew.")
        }
        return descent
    }

    /// Where the parent keeps its things: no peer reads or writes there through a worker.
    public var folders: [String] {
        [data, logs, runtime, configuration.lastIndex(of: "/").map { String(configuration[..<$0]) } ?? configuration]
    }

    func write(in folder: String) throws {
        try DurableFile.replace(folder + "/" + Self.fileName, with: JSON.encode(self) + [0x0A])
    }
}
