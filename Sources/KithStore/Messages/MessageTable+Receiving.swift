import FoundationEssentials
import GRDB
import KithAPI
import KithDigest

extension MessageTable {
    /// What has come in, and what it changed here.
    struct Received: Sendable {
        var outcomes: [LetterOutcome] = []
        var agents: Set<String> = []
        /// Whether there is no room for the rest.
        var isFull = false
    }

    /// Takes letters of a peer; a number that is not above the last of its stream was stored before.
    func receive(_ letters: [Letter], stream: String, from origin: String) throws -> Received {
        var received = Received()
        var last = try lastNumber(origin, stream)
        for letter in letters {
            for recipient in letter.recipients {
                let isNew = recipient.sequence > last
                received.isFull = try isNew && isFull(for: letter.body?.utf8.count ?? 0)
                guard !received.isFull else { break }
                received.outcomes.append(try isNew ? take(letter, recipient, origin) : known(letter, recipient, origin))
                last = max(last, recipient.sequence)
                if isNew { received.agents.insert(recipient.agent.text) }
            }
            guard !received.isFull else { break }
        }
        try execute(
            "INSERT INTO inStream VALUES (?, ?, ?) ON CONFLICT (origin, stream) DO UPDATE SET last = excluded.last",
            [origin, stream, last])
        return received
    }

    private func lastNumber(_ origin: String, _ stream: String) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT last FROM inStream WHERE origin = ? AND stream = ?")
        return try Int.fetchOne(statement, arguments: [origin, stream]) ?? 0
    }

    /// What was decided when the delivery came for the first time, or how far it has come since.
    private func known(_ letter: Letter, _ recipient: LetterRecipient, _ origin: String) throws -> LetterOutcome {
        if let row = try delivery(letter.id, to: recipient.agent), row.origin == origin {
            return LetterOutcome(sequence: recipient.sequence, state: row.state)
        }
        return LetterOutcome(sequence: recipient.sequence, state: .refused, reason: "it was refused before")
    }

    private func take(_ letter: Letter, _ recipient: LetterRecipient, _ origin: String) throws -> LetterOutcome {
        func refuse(_ reason: String) -> LetterOutcome {
            LetterOutcome(sequence: recipient.sequence, state: .refused, reason: reason)
        }
        guard try AgentTable(db: db, moment: moment).exists(recipient.agent) else {
            return refuse("there is no agent \(recipient.agent)")
        }
        let verdict = try verdict(peer: origin, agent: recipient.agent.text)
        guard verdict != .refuse else { return refuse("its owner does not take messages from here") }
        guard try waiting("", recipient.agent.text) < limits.waiting else {
            return refuse("\(limits.waiting) messages wait for \(recipient.agent) already")
        }
        guard let message = try stored(letter, origin) else { return refuse("its id or its text does not fit") }
        let state: DeliveryState = verdict == .hold ? .held : .stored
        try store(message, agent: recipient.agent, origin: origin, state: state)
        return LetterOutcome(sequence: recipient.sequence, state: state)
    }

    /// The message of a letter, stored with its first recipient; nil if another node's message has its id, or its
    /// long text is not here.
    private func stored(_ letter: Letter, _ origin: String) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "SELECT number, origin FROM message WHERE id = ?")
        if let row = try Row.fetchOne(statement, arguments: [letter.id.text]) {
            return row[1] == origin ? row[0] : nil
        }
        if let blob = letter.blob, try !hasBlob(blob) { return nil }
        let seconds = min(max(letter.secondsToLive, 1), MessageLimits.secondsToLive.most)
        return try insert(
            NewMessage(
                id: letter.id, origin: origin, sender: letter.from, to: letter.to, kind: letter.kind,
                subject: letter.subject, body: letter.blob == nil ? Data((letter.body ?? "").utf8) : nil,
                blob: letter.blob, thread: letter.thread, replyTo: letter.replyTo, channel: letter.channel,
                ack: letter.ack, task: letter.task, sent: Moment(letter.sentAt),
                expires: moment.adding(seconds: seconds)))
    }

    // MARK: Policy

    /// The rule for this agent and peer, else for the peer, else for the agent, else for all; else it is taken.
    func verdict(peer: String, agent: String) throws -> MessageVerdict {
        let statement = try db.cachedStatement(
            sql: """
                SELECT verdict FROM policy WHERE peer IN (?1, '') AND agent IN (?2, '')
                ORDER BY (peer <> '') * 2 + (agent <> '') DESC LIMIT 1
                """)
        let word = try String.fetchOne(statement, arguments: [peer, agent])
        return word.flatMap(MessageVerdict.init) ?? .accept
    }

    /// How many messages a minute `peer` may send; 0 means no limit.
    func perMinute(peer: String) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT perMinute FROM policy WHERE peer IN (?, '') AND agent = '' AND perMinute IS NOT NULL
                ORDER BY peer <> '' DESC LIMIT 1
                """)
        return try Int.fetchOne(statement, arguments: [peer]) ?? limits.perMinute
    }

    func set(_ rule: SetMessagePolicy, peer: String) throws {
        let agent = rule.agent?.text ?? ""
        if rule.remove == true {
            return try execute("DELETE FROM policy WHERE peer = ? AND agent = ?", [peer, agent])
        }
        guard let verdict = rule.verdict else { return }
        try execute(
            "INSERT OR REPLACE INTO policy VALUES (?, ?, ?, ?)", [peer, agent, verdict.rawValue, rule.perMinute])
    }

    func policies() throws -> [MessagePolicy] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT peer, agent, verdict, perMinute FROM policy ORDER BY peer, agent")
        ).map { row in
            let peer: String = row[0]
            return MessagePolicy(
                peer: peer.isEmpty ? nil : naming.text(peer), agent: AgentName(row[1] as String),
                verdict: MessageVerdict(rawValue: row[2]) ?? .accept, perMinute: row[3])
        }
    }

    // MARK: Long texts

    func hasBlob(_ hash: String) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM blob WHERE hash = ?)"), arguments: [hash]) ?? false
    }

    func blob(_ hash: String) throws -> [UInt8] {
        let bytes = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT bytes FROM blob WHERE hash = ?"), arguments: [hash])
        return Array(bytes ?? Data())
    }

    /// Adds a piece to a peer's text and says how much is here; the whole counts only if the hash fits.
    func add(_ piece: [UInt8], to request: StoreBlob, from origin: String) throws -> Int {
        guard try !hasBlob(request.hash) else { return request.size }
        try checkRoom(for: request.size)
        let statement = try db.cachedStatement(sql: "SELECT bytes FROM upload WHERE origin = ? AND hash = ?")
        var bytes = Array(try Data.fetchOne(statement, arguments: [origin, request.hash]) ?? Data())
        guard request.offset == bytes.count || request.offset == 0 else { return bytes.count }
        bytes = (request.offset == 0 ? [] : bytes) + piece
        guard bytes.count < request.size else { return try finish(bytes, request, origin) }
        try execute(
            "INSERT OR REPLACE INTO upload VALUES (?, ?, ?, ?)",
            [origin, request.hash, Data(bytes), moment.milliseconds])
        try execute(
            """
            DELETE FROM upload WHERE origin = ?1 AND hash NOT IN
            (SELECT hash FROM upload WHERE origin = ?1 ORDER BY created DESC LIMIT \(MessageLimits.uploads))
            """, [origin])
        return bytes.count
    }

    private func finish(_ bytes: [UInt8], _ request: StoreBlob, _ origin: String) throws -> Int {
        try execute("DELETE FROM upload WHERE origin = ? AND hash = ?", [origin, request.hash])
        guard bytes.count == request.size, SHA256.hash(bytes).hexadecimal == request.hash else {
            throw KithError(
                .fileChecksum, "The text does not have the hash that was announced.", hint: "Send it again.")
        }
        try execute("INSERT OR IGNORE INTO blob VALUES (?, ?, ?)", [request.hash, Data(bytes), moment.milliseconds])
        return bytes.count
    }
}
