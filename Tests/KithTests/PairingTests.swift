import KithAPI
import KithTestKit
import Testing

/// Pairing by a code and digits, between whole daemons.
struct PairingTests {
    @Test(.timeLimit(.minutes(1))) func `digits that differ leave nothing, though the other side trusts from before`()
        async throws
    {
        try await withMesh(["laptop", "studio"]) { mesh in
            _ = try await mesh.ask(RemovePeer(peer: "studio"), at: "laptop")

            try await mesh["studio"].pipe(InvitePeer(preset: .mine)) { inviter in
                let code = try await inviter.news(.invited).secret
                try await mesh["laptop"].pipe(JoinPeer(target: "studio", code: code, preset: .mine)) { joiner in
                    let digits = try await joiner.news(.showDigits).digits ?? ""
                    _ = try await inviter.news(.typeDigits)
                    try await joiner.send(Frame(.event, json: PairingAnswer(approve: true)))
                    _ = try await joiner.news(.waiting)
                    let visit = Task { try await mesh.ask(Ping(), at: "studio", on: "laptop") }

                    // Time in which it would have been let in; a visit that waits gives no event.
                    for _ in 0..<200 { _ = try await mesh.ask(Ping(), at: "laptop") }

                    let wrong = digits.hasPrefix("1") ? "2" : "1"
                    try await inviter.send(Frame(.event, json: PairingAnswer(code: wrong + digits.dropFirst())))
                    await #expect(throws: KithError.self) { try await joiner.news(.notice) }
                    await #expect(throws: KithError.self) { try await visit.value }
                }
            }
            let peers = try await mesh.ask(ListPeers(), at: "laptop").peers
            #expect(peers.allSatisfy { $0.status == .unpaired })
        }
    }
}

extension Duplex {
    /// The next news of this kind; others are passed over.
    fileprivate func news(_ kind: PairingNews.Kind) async throws -> PairingNews {
        while let frame = try await receive() {
            if frame.kind == .failure { throw try frame.decode(KithError.self) }
            let news = try frame.decode(PairingNews.self)
            if news.kind == kind { return news }
        }
        throw CancellationError()
    }
}
