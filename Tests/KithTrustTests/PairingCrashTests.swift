import FoundationEssentials
import KithAPI
import Testing

@testable import KithTrust

/// kill -9 at every step, with real trust books that are opened again afterwards.
struct PairingCrashTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var mode: PairingMode
        var dies: [Duet.Side]
        var losesFlight = false
        var joinerSays = Duet.Answer.yes
        var testDescription: String {
            "\(mode), \(dies) dies, loses flight: \(losesFlight), the joiner says \(joinerSays)"
        }
    }

    static let cases: [Case] =
        [PairingMode.sixDigits, .secret].flatMap { mode in
            [[Duet.Side.inviter], [.joiner], [.inviter, .joiner]].flatMap { dies in
                [false, true].map { Case(mode: mode, dies: dies, losesFlight: $0) }
            }
        } + [
            Case(mode: .sixDigits, dies: [.inviter], joinerSays: .no),
            Case(mode: .sixDigits, dies: [.joiner], joinerSays: .never),
        ]

    @Test(arguments: cases)
    func `a crash at any step leaves both books so that they can agree`(example: Case) async throws {
        var limit = 0
        while true {
            var duet = Cast.duet(example.mode)
            duet.answer = example.joinerSays
            duet.dies = example.dies
            duet.losesFlight = example.losesFlight
            duet.actionLimit = limit
            duet.run()
            try await check(duet, example)
            guard duet.actionCount >= limit else { return }
            limit += 1
        }
    }

    private func check(_ duet: Duet, _ example: Case) async throws {
        try await withTemporaryFolder { folder in
            let inviter = try await reopened(folder + "/inviter", after: duet.pinHistory[.inviter] ?? [], with: 1)
            let joiner = try await reopened(folder + "/joiner", after: duet.pinHistory[.joiner] ?? [], with: 0)
            let laptop = try #require(Certificates.all.dropFirst().first).id
            let studio = try #require(Certificates.all.first).id
            let agreed = example.mode == .secret || duet.approvals == [.inviter, .joiner]

            // Nobody trusts what either person refused, or has not approved.
            #expect(agreed || inviter.activePeer(laptop) == nil)
            #expect(agreed || joiner.activePeer(studio) == nil)

            // Whoever is active lets the other in; the other sees that over mutual TLS and completes.
            if inviter.activePeer(laptop) != nil, joiner.isPending(studio) { try await joiner.activate(studio) }
            if joiner.activePeer(studio) != nil, inviter.isPending(laptop) { try await inviter.activate(laptop) }
            #expect((inviter.activePeer(laptop) == nil) == (joiner.activePeer(studio) == nil))
        }
    }

    /// A book that lived through `steps` about the certificate `index`, opened again from the disk.
    private func reopened(_ folder: String, after steps: [Duet.Step], with index: Int) async throws -> TrustBook {
        let now = Date(timeIntervalSince1970: 1_760_000_000)
        let certificate = try #require(Certificates.all.dropFirst(index).first)
        let book = try TrustBook(folder: folder, now: { now })
        for step in steps {
            switch step {
            case .store:
                let pin = NewPin(
                    certificate: certificate, name: PeerName(nearest: "peer"), grants: GrantSet(), addresses: [])
                try await book.addPending(pin)
            case .activate: try await book.activate(certificate.id)
            case .drop: try await book.dropPending(certificate.id)
            }
        }
        return try TrustBook(folder: folder, now: { now })
    }
}
