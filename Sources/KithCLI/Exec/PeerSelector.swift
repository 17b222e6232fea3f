import KithAPI
import KithClient

/// A word that means several peers: a pattern of their names with `*` and `?`, or `@workers`, the workers of this node.
struct PeerSelector: Equatable {
    /// The word for the workers of this node.
    static let workers = "@workers"

    private let pattern: String

    /// Nil for the name of one peer.
    init?(_ word: String) {
        guard word == Self.workers || word.contains(where: { "*?".contains($0) }) else { return nil }
        pattern = word
    }

    /// A word for workers: also the whole name of one.
    init?(ofWorkers word: String) {
        guard word == Self.workers || word.contains(where: { "*?/".contains($0) }) else { return nil }
        pattern = word
    }

    /// Whether it means that worker of this node.
    func means(_ worker: WorkerStatus) -> Bool { pattern == Self.workers || fits(worker.peer) }

    /// The peers that it means now, by name; those that this node has paired with or that are vouched for.
    ///
    /// - Throws: ``KithError`` `peer.unknown` where there is none.
    func peers(_ client: KithClient) async throws -> [String] {
        let all = try await client.call(ListPeers()).peers.filter { ![.unpaired, .pending].contains($0.status) }
        let own = pattern == Self.workers ? try await client.call(Ping()).name : nil
        let found = all.map(\.name).filter { name in own.map { name.parent == $0 } ?? fits(name) }
        guard !found.isEmpty else {
            throw KithError(
                .peerUnknown, "No peer fits `\(pattern)`.",
                hint: own == nil ? "See `kith peers`." : "Start some: `kith session start-fleet -c 4`.")
        }
        return found.sorted().map(\.text)
    }

    /// Whether a name fits, the whole of it or, for a worker, what follows its parent's: `*` stands for any letters but
    /// a `/`, and `?` for one.
    func fits(_ name: PeerName) -> Bool {
        [name.text, name.last.text].contains { Self.fits(Array($0.utf8)[...], Array(pattern.utf8)[...]) }
    }

    private static func fits(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        guard first == UInt8(ascii: "*") else {
            let isOne = first == UInt8(ascii: "?") && !name.isEmpty && name.first != UInt8(ascii: "/")
            return (isOne || name.first == first) && fits(name.dropFirst(), pattern.dropFirst())
        }
        let reach = name.prefix { $0 != UInt8(ascii: "/") }.count
        return (0...reach).contains { fits(name.dropFirst($0), pattern.dropFirst()) }
    }
}
