import Glibc
import KithAPI
import KithDigest

/// How the node vouches for the end of its log; the key lives in another room.
struct AuditSeal: Sendable {
    let sign: @Sendable ([UInt8]) throws -> [UInt8]
    let isSigned: @Sendable (_ bytes: [UInt8], _ signature: [UInt8]) -> Bool
}

/// A signed statement that the log went at least this far; without it, cutting the end off would not show.
struct AuditCheckpoint: Codable, Equatable {
    static let name = "audit.checkpoint"

    let number: Int
    let hash: String
    private let signature: String

    var chain: AuditChain { AuditChain(number: number, hash: hash) }

    /// Signs where the chain stands.
    init(_ chain: AuditChain, _ seal: AuditSeal) throws {
        number = chain.number
        hash = chain.hash
        signature = try seal.sign(Self.statement(chain)).hexadecimal
    }

    /// Reads the checkpoint of a folder; nil if it is missing, unreadable, or not signed by this node.
    init?(in folder: PrivateFolder, _ seal: AuditSeal) throws {
        guard try folder.size(of: Self.name) ?? 0 > 0 else { return nil }
        let bytes = try Descriptor(folder.file(Self.name), O_RDONLY).read(65_536, at: 0)
        guard let checkpoint = try? JSON.decode(AuditCheckpoint.self, from: bytes),
            let signature = [UInt8](hexadecimal: checkpoint.signature),
            seal.isSigned(Self.statement(checkpoint.chain), signature)
        else { return nil }
        self = checkpoint
    }

    /// Writes it, whole or not at all; the log must be on the disk before.
    func save(in folder: PrivateFolder) throws {
        try folder.replace(Self.name, with: try JSON.encode(self))
    }

    private static func statement(_ chain: AuditChain) -> [UInt8] {
        Array("kith audit checkpoint\n\(chain.number)\n\(chain.hash)\n".utf8)
    }
}
