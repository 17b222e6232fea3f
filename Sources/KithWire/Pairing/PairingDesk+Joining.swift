public import KithAPI
import KithTrust

extension PairingDesk {
    /// Goes to a node that has invited, and pairs with it.
    ///
    /// - Throws: ``KithError`` of the pairing; `peer.identity_changed` where a known place has another key.
    public func join(_ request: JoinPeer, over pipe: Duplex) async throws -> PairingResult {
        let person = PairingPerson(pipe, preset: request.preset)
        return try await withThrowingTaskGroup(of: PairingResult?.self) { group in
            group.addTask {
                try await person.listen(to: pipe)
                return nil
            }
            group.addTask { try await self.join(request, person) }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }

    private func join(_ request: JoinPeer, _ person: PairingPerson) async throws -> PairingResult {
        let (ticket, addresses) = try await prepare(request, person)
        guard let meta = surroundings.meta() else {
            throw KithError(.unavailable, "This node is not ready yet.", hint: "Try again in a second.")
        }
        let (stream, certificate, address) = try await dialer.dial(addresses)
        do {
            guard certificate.id != meta.id else {
                throw KithError(
                    .requestInvalid, "\(address) is this machine itself.", hint: "Type it on the other one.")
            }
            if request.replace != true { try checkIdentity(certificate.id, at: address, called: request.target) }
        } catch {
            try? await stream.executeThenClose { _, _ in }
            throw error
        }
        let machine = JoinerMachine(own: meta, peer: certificate.id, ticket: ticket, secrets: .random())
        let conversation = PairingConversation(
            stream: stream, certificate: certificate, host: address.host, person: person, book: book,
            side: .init(isAlone: true, approvesItself: request.expectedID != nil, replaces: request.replace == true))
        let end = try await conversation.run(machine)
        if case .failed(.disconnected, _) = end.outcome, !end.spendsInvite, !person.wasShown {
            throw KithError(
                .pairingClosed, "The node at \(address) has invited nobody, or somebody else.",
                hint: "Run `kith pair` there first.")
        }
        if let error = end.error { throw error }
        return PairingResult(peer: try await surroundings.describe(certificate.id))
    }

    private func prepare(_ request: JoinPeer, _ person: PairingPerson) async throws -> (PairingTicket, [Address]) {
        if let text = request.pairString {
            guard let string = PairString(text.trimmedASCII) else {
                throw KithError(
                    .requestInvalid, "This is not a pair string.",
                    hint: "It begins with `kith1:`; `kith pair --string` prints one.")
            }
            return (PairingTicket(string), string.addresses)
        }
        guard let target = request.target else {
            throw KithError(
                .requestInvalid, "Whom to pair with is missing.", hint: "`kith pair NAME` or `kith pair HOST`.")
        }
        let expected = try request.expectedID.map { text in
            guard let id = PeerID(text) else {
                throw KithError(
                    .requestInvalid, "`\(text)` is not a node's id.", hint: "`kith key show` prints it there.")
            }
            return id
        }
        let addresses = try await surroundings.resolve(target)
        return (PairingTicket(code: try await code(request, person), inviter: expected), addresses)
    }

    private func code(_ request: JoinPeer, _ person: PairingPerson) async throws -> InviteCode {
        var given = request.code
        if given == nil {
            try await person.show(
                PairingNews(.codeWanted, message: "The code that `kith pair` shows on the other machine."))
            given = try await person.answers.next()?.code
        }
        guard let given else { throw KithError(.cancelled, "No code was given.") }
        guard let code = InviteCode(given) else {
            throw KithError(.requestInvalid, "`\(given)` is not an invite code.", hint: "It looks like XXXX-XXXX.")
        }
        return code
    }

    /// A place or a name where another key was known is refused loudly: `--replace` is the owner's word for it.
    private func checkIdentity(_ id: PeerID, at address: Address, called name: String?) throws(KithError) {
        let others = book.peers.filter { $0.id != id }
        guard let known = others.first(where: { $0.name.text == name || $0.addresses.contains(address) }) else {
            return
        }
        throw KithError(
            .peerIdentityChanged, "The node at \(address) is not \(known.name) any more: its key has changed.",
            hint: "If \(known.name) was set up anew, say so: add `--replace`. If not, somebody may be in its place.",
            details: ["known": known.id.text, "seen": id.text])
    }
}

extension String {
    /// Without spaces and line ends around it.
    var trimmedASCII: String {
        var bytes = Array(utf8)[...]
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
