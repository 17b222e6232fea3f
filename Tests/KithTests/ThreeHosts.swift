import Foundation
import Testing

/// The hosts h1, h2 and h3 on this machine, made by `scripts/netns`: each has a network, a bus and an avahi-daemon
/// of its own, and a home of Kith. All that was made is removed at the end of the scope.
struct ThreeHosts: Sendable {
    let h1: Host
    let h2: Host
    let h3: Host

    var all: [Host] { [h1, h2, h3] }

    /// Every host with every other.
    var directions: [(Host, Host)] {
        all.flatMap { one in all.filter { $0.name != one.name }.map { (one, $0) } }
    }

    /// Whether this machine has what it takes: root, namespaces, Avahi, `expect`, and the programs.
    static let canBeMade =
        Command(["sh", "-c", "\(path); command -v \(programs) && unshare --net --uts --mount true"]).succeeds
        && getuid() == 0 && FileManager.default.isExecutableFile(atPath: Bench.programs + "/kithd")

    private static let path = "PATH=$PATH:/usr/sbin:/sbin"
    private static let programs = "ip unshare expect timeout avahi-daemon dbus-daemon"

    /// Gives the body three hosts on which no daemon runs yet.
    static func with(_ body: (ThreeHosts) async throws -> Void) async throws {
        let bench = try Bench()
        let outcome: Result<Void, any Error>
        do {
            try await bench.netns("up", "3")
            let hosts = try ThreeHosts(h1: bench.host("h1"), h2: bench.host("h2"), h3: bench.host("h3"))
            outcome = .success(try await body(hosts))
        } catch {
            outcome = .failure(error)
        }
        try await bench.clear()
        try outcome.get()
    }

    /// Gives the body three hosts that know each other.
    static func withPaired(_ body: (ThreeHosts) async throws -> Void) async throws {
        try await with { hosts in
            try await hosts.start()
            try await hosts.pair(hosts.h1, hosts.h2)
            try await hosts.pair(hosts.h2, hosts.h3)
            try await hosts.pair(hosts.h3, hosts.h1)
            try await body(hosts)
        }
    }

    /// Starts the daemons, of all hosts at once, and waits until all see each other.
    func start() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in all { group.addTask { try await host.start() } }
            try await group.waitForAll()
        }
        for (one, other) in directions { try await one.see(other, .unpaired) }
    }

    /// Two people at two terminals pair two hosts, and both hosts see it.
    func pair(_ inviter: Host, _ joiner: Host) async throws {
        let terminals = try await Terminals(.right, inviter: inviter, joiner: joiner)
        #expect(terminals.codes == ["inviter": 0, "joiner": 0], "\(terminals.text)")
        try await inviter.see(joiner, .online)
        try await joiner.see(inviter, .online)
    }
}
