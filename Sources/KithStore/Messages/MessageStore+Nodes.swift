import FoundationEssentials
import GRDB
public import KithAPI

/// What nodes say to each other about messages.
extension MessageStore {
    // MARK: Outwards

    /// The name of this node's numbering, made with the database.
    public func stream() async throws -> String {
        try await read { try String.fetchOne($0.db, sql: "SELECT value FROM node WHERE key = 'stream'") ?? "" }
    }

    /// The nodes to which messages or receipts are to go.
    public func nodesToTell() async throws -> [PeerID] {
        try await read { try $0.nodesToTell() }.compactMap { PeerID($0) }
    }

    /// What is to be brought to a node.
    public struct Parcel: Sendable {
        /// The next letters, at most about half a megabyte.
        public let letters: [Letter]
        /// How far letters of that node have come.
        public let receipts: [Receipt]
        /// Whether there was more than this.
        public let hasMore: Bool

        /// One letter, which is all that there is.
        public init(of letter: Letter) { self.init(letters: [letter], receipts: [], hasMore: false) }

        init(letters: [Letter], receipts: [Receipt], hasMore: Bool) {
            (self.letters, self.receipts, self.hasMore) = (letters, receipts, hasMore)
        }
    }

    /// What is to be brought to a node: so many letters and receipts at most.
    public func parcel(to node: PeerID, letters: Int, receipts: Int) async throws -> Parcel {
        try await read { table in
            let next = try table.letters(to: node.text, limit: letters)
            let owed = try table.owedReceipts(to: node.text, limit: receipts)
            return Parcel(
                letters: next.letters, receipts: owed, hasMore: next.hasMore || owed.count == receipts)
        }
    }

    /// A long text of this node.
    public func blob(_ hash: String) async throws -> [UInt8] { try await read { try $0.blob(hash) } }

    /// Writes down what a node said about letters to it.
    public func settle(_ outcomes: [LetterOutcome], from node: PeerID) async throws {
        _ = change(try await write { try $0.settle(outcomes, from: node.text) })
    }

    /// Gives up everything that waits for a node.
    public func giveUp(on node: PeerID, as state: DeliveryState, _ reason: String) async throws {
        _ = change(try await write { try $0.giveUp(on: node.text, as: state, reason) })
    }

    /// Notes why what waits for a node still waits, and tells the agents that wrote it, if `notice`.
    public func delay(_ node: PeerID, _ reason: String, notice: Bool) async throws {
        _ = change(try await write { try $0.delay(node.text, reason, notice: notice) })
    }

    /// These receipts were taken.
    public func receiptsTaken(_ receipts: [Receipt]) async throws {
        try await write { try $0.receiptsTaken(receipts) }
    }

    // MARK: Inwards

    /// Takes letters of a peer; when it returns, what it says is on the disk. The rest had no room.
    public func receive(_ letters: [Letter], stream: String, from origin: PeerID) async throws
        -> (outcomes: [LetterOutcome], isFull: Bool)
    {
        try letters.forEach(Self.check)
        let bytes = letters.reduce(0) { $0 + ($1.body?.utf8.count ?? 0) }
        let received = try await handingOut(bytes: bytes) { table, handing in
            let received = try table.receive(letters, stream: stream, from: origin.text)
            try handing.handOut(to: received.agents, table)
            return received
        }
        for agent in received.agents { store.bells.ring(Self.topic(agent)) }
        return (received.outcomes, received.isFull)
    }

    /// Takes receipts of a peer about messages of this node.
    public func take(_ receipts: [Receipt], from node: PeerID) async throws -> Int {
        let marked = try await write { try $0.take(receipts, from: node.text) }
        return change(marked).count
    }

    /// Takes a piece of a long text of a peer.
    public func add(_ request: StoreBlob, from origin: PeerID) async throws -> Int {
        guard (1...MessageLimits.bodyBytes).contains(request.size), request.hash.utf8.count == 64,
            let piece = Data(base64Encoded: request.piece), request.offset >= 0,
            request.offset + piece.count <= request.size
        else {
            throw KithError(.requestInvalid, "A text has at most \(MessageLimits.bodyBytes) bytes, a piece lies in it.")
        }
        return try await write(bytes: piece.count) { try $0.add(Array(piece), to: request, from: origin.text) }
    }

    /// How many messages a minute a peer may send; 0 means no limit.
    public func perMinute(_ peer: PeerID) async throws -> Int { try await read { try $0.perMinute(peer: peer.text) } }

    // MARK: Policy

    /// Sets or removes a rule, and lists all. `peer` is the id that the request's name means.
    public func policy(_ request: SetMessagePolicy, peer: PeerID?) async throws -> [MessagePolicy] {
        guard (0...1_000_000).contains(request.perMinute ?? 0) else {
            throw KithError(.requestInvalid, "`perMinute` must be between 0 and 1000000.")
        }
        return try await write { table in
            try table.set(request, peer: peer?.text ?? "")
            return try table.policies()
        }
    }

    private static func check(_ letter: Letter) throws {
        try MessageLimits.line(letter.subject, "subject")
        try MessageLimits.line(letter.channel, "channel", most: MessageLimits.channelBytes)
        let isShort = (letter.body?.utf8.count ?? 0) <= MessageLimits.inlineBytes
        guard isShort, letter.to.count <= MessageLimits.targets, letter.recipients.count <= 1_000,
            letter.to.allSatisfy({ $0.utf8.count <= 256 && !$0.contains("\n") })
        else { throw KithError(.requestInvalid, "A letter is longer than it may be.") }
    }
}
