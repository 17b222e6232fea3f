import FoundationEssentials
import Glibc
public import KithAPI
import KithTrust

/// What a parent writes down about itself and its workers: `workers.json` in its data folder, for itself after a
/// restart, and for its workers, which read it and never write.
public struct FleetRecord: Codable, Sendable, Equatable {
    /// What workers must know of their parent.
    public struct Parent: Codable, Sendable, Equatable {
        /// What it calls itself.
        public var name: PeerName
        /// Its certificate in DER, as base64.
        public var certificate: String
        /// The address that its peer door is bound to: the widest that its workers may have.
        public var host: String
        /// The port of its peer door.
        public var port: Int
    }

    /// One worker.
    public struct Worker: Codable, Sendable, Equatable {
        /// Its name below the parent's.
        public var name: PeerName
        /// Its certificate in DER, as base64.
        public var certificate: String
        /// What it may do at peers at most; all that the parent may if nil.
        public var grants: [Grant]?
        /// Whether it is to run.
        public var isWanted: Bool
        /// That the parent vouches for it; nil for one that is not to run.
        public var voucher: WorkerVoucher?
    }

    /// The form of the file.
    public var version = 1
    /// The parent, as it was when it opened its door last.
    public var parent: Parent?
    /// All workers, by name.
    public var workers: [Worker] = []

    static let fileName = "workers.json"
    private static let maximumBytes = 4 << 20

    /// The vouchers of all workers that are to run.
    public var vouchers: [WorkerVoucher] { workers.compactMap(\.voucher) }

    /// Those that are not to run.
    public var resting: [PeerName] { workers.filter { !$0.isWanted }.map(\.name) }

    /// The record in the data folder `folder`; an empty one if there is none. Blocks on the disk.
    ///
    /// - Throws: ``KithError`` `store.damaged` that names the file, `denied` where others could have written it.
    public static func read(in folder: String) throws(KithError) -> FleetRecord {
        let path = folder + "/" + fileName
        guard access(path, F_OK) == 0 || errno != ENOENT else { return FleetRecord() }
        let bytes = try PrivateFile.read(path, limit: maximumBytes)
        guard let record = try? JSON.decode(FleetRecord.self, from: bytes), record.version == 1,
            record.workers.count <= StartWorkers.maximum, record.workers.allSatisfy({ $0.name.parent == nil })
        else {
            throw KithError(
                .storeDamaged, "The list of workers \(path) cannot be read.",
                hint: "Restore it from a backup, or move it away; the workers' own folders stay.")
        }
        return record
    }

    /// Replaces the file as a whole. Blocks on the disk.
    func write(in folder: String) throws {
        try DurableFile.replace(folder + "/" + Self.fileName, with: JSON.encode(self) + [0x0A])
    }
}

extension FleetRecord.Parent {
    /// Where its workers and this machine's owner reach it.
    public var address: Address? {
        switch host {
        case "0.0.0.0": Address(host: "127.0.0.1", port: port)
        case "::": Address(host: "::1", port: port)
        default: Address(host: host, port: port)
        }
    }
}
