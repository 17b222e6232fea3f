import Testing

/// The programs as people use them, on three hosts with real networks, real Avahi and real terminals.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: ThreeHosts.canBeMade, "needs root, network namespaces, avahi-daemon, dbus-daemon, expect and kithd"))
struct ThreeHostsSerial {
    @Test func `three hosts find each other after they start`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.start()
            let others = [Host.Row(name: "h2", status: .unpaired), Host.Row(name: "h3", status: .unpaired)]
            #expect(try await hosts.h1.peers() == others)
        }
    }

    @Test func `people pair by a code and typed digits, and each host sees the other online`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.start()
            let terminals = try await Terminals(.right, inviter: hosts.h1, joiner: hosts.h2)
            #expect(terminals.codes == ["inviter": 0, "joiner": 0])
            #expect(terminals.screen("inviter").contains("Paired with h2"))
            #expect(terminals.screen("joiner").contains("Paired with h1"))
            try await hosts.h1.see(hosts.h2, .online)
            try await hosts.h2.see(hosts.h1, .online)
        }
    }

    @Test func `commands, files and context go in every direction`() async throws {
        try await ThreeHosts.withPaired { hosts in
            for (one, other) in hosts.directions { try await one.work(with: other) }
        }
    }

    @Test(arguments: ["restart-avahi", "restart-dbus"])
    func `a restart under a running daemon is survived`(accident: String) async throws {
        try await ThreeHosts.withPaired { hosts in
            try await hosts.h2.suffer(accident)
            // Set up anew, h3 is a stranger again: only Avahi can tell them of each other.
            try await hosts.h3.startAnew()
            try await hosts.h2.see(hosts.h3, .unpaired)
            try await hosts.h3.see(hosts.h2, .unpaired)
            try await hosts.h1.work(with: hosts.h2)
            try await hosts.h2.work(with: hosts.h1)
        }
    }

    @Test func `an unplugged host is offline to the others within 15 seconds, and comes back by itself`() async throws {
        try await ThreeHosts.withPaired { hosts in
            try await hosts.h3.unplug()
            async let first = hosts.h1.see(hosts.h3, .offline)
            async let second = hosts.h2.see(hosts.h3, .offline)
            #expect(try await max(first, second) < .seconds(15))
            try await hosts.h3.plug()
            try await hosts.h1.see(hosts.h3, .online)
            try await hosts.h2.see(hosts.h3, .online)
            try await hosts.h3.see(hosts.h1, .online)
            try await hosts.h3.work(with: hosts.h1)
        }
    }

    @Test func `a wrong code is refused, and the right one still works afterwards`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.start()
            let terminals = try await Terminals(.wrongCode, inviter: hosts.h1, joiner: hosts.h2)
            #expect(terminals.codes == ["stranger": 77, "inviter": 0, "joiner": 0])
            #expect(terminals.screen("stranger").contains("the code is not the one of the invite"))
            #expect(terminals.screen("inviter").contains("tried a wrong code"))
            try await hosts.h1.see(hosts.h2, .online)
        }
    }

    @Test func `wrong digits burn the invitation, both sides say why, and nobody is paired`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.start()
            let terminals = try await Terminals(.wrongDigits, inviter: hosts.h1, joiner: hosts.h2)
            #expect(terminals.codes == ["inviter": 77, "joiner": 77])
            #expect(terminals.screen("inviter").contains("the digits differ"))
            #expect(terminals.screen("joiner").contains("the digits differ"))
            #expect(try await hosts.h1.peers().allSatisfy { $0.status == .unpaired })
            #expect(try await hosts.h2.peers().allSatisfy { $0.status == .unpaired })
        }
    }

    @Test func `a known name with another key is refused loudly, until the owner replaces it`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.start()
            try await hosts.pair(hosts.h1, hosts.h2)
            try await hosts.h2.startAnew()
            try await hosts.h1.see(hosts.h2, .unpaired)
            #expect(try await hosts.h1.kith("exec", "h2", "--", "true").code == 69)

            let refused = try await Terminals(.refused, inviter: hosts.h2, joiner: hosts.h1)
            #expect(refused.codes["joiner"] == 77)
            #expect(refused.screen("joiner").contains("its key has changed"))
            #expect(try await hosts.h2.peers().allSatisfy { $0.status == .unpaired })

            let replaced = try await Terminals(.right, inviter: hosts.h2, joiner: hosts.h1, options: ["--replace"])
            #expect(replaced.codes == ["inviter": 0, "joiner": 0])
            try await hosts.h1.work(with: hosts.h2)
        }
    }
}
