import Foundation
import KithAPI
import KithTestKit
import Testing

@testable import KithDaemon

/// The checks of the doctor that no shell can break: each fires once, and is content afterwards.
struct DoctorCheckTests {
    private func withHome(_ body: (Home) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-doctor-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let home = try Home(environment: ["KITH_HOME": folder.path, "HOME": folder.path])
        try home.prepare()
        try await body(home)
    }

    private func finding(_ subject: String, _ doctor: HomeDoctor) async throws -> Finding {
        try #require(await doctor.examine().first { $0.subject == subject })
    }

    @Test func `a full disk is a failure, a scarce one a warning`() async throws {
        try await withHome { (home) async throws in
            var doctor = HomeDoctor(home: home)
            doctor.freeBytes = { _ in 10 << 20 }
            #expect(try await finding("disk", doctor).verdict == .failed)
            doctor.freeBytes = { _ in 500 << 20 }
            #expect(try await finding("disk", doctor).verdict == .warning)
            #expect(try await finding("disk", doctor).remedy?.hasPrefix("du -xhd1 \(home.folders.data)") == true)
            doctor.freeBytes = { Disk.freeBytes(at: $0).map { max($0, 2 << 30) } }
            #expect(try await finding("disk", doctor).verdict == .ok)
        }
    }

    @Test func `a clock from before the key was made is wrong`() async throws {
        try await withHome { home in
            try FileManager.default.createDirectory(atPath: home.identityFolder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: home.identityFolder + "/key.pem"))
            var doctor = HomeDoctor(home: home, now: { Date(timeIntervalSince1970: 0) })
            let wrong = try await finding("clock", doctor)
            #expect(wrong.verdict == .failed && wrong.remedy == "sudo timedatectl set-ntp true")
            doctor.now = { Date() }
            #expect(try await finding("clock", doctor).verdict == .ok)
        }
    }

    @Test func `a machine without an identity is told how to get one`() async throws {
        try await withHome { home in
            let finding = try await finding("folders", HomeDoctor(home: home))
            #expect(finding == Finding("folders", .failed, "This machine has no identity yet.", remedy: "kith init"))
        }
    }

    @Test func `a configuration that is there and cannot be read is not taken for none`() async throws {
        try await withHome { (home) async throws in
            try? FileManager.default.removeItem(atPath: home.folders.configuration)
            symlink("nowhere", home.folders.configuration)
            let error = #expect(throws: KithError.self) { try home.readConfiguration() }
            #expect(error?.code == .configInvalid)
            #expect(try await finding("configuration", HomeDoctor(home: home)).verdict == .failed)
        }
    }

    @Test func `a bus that is not there is told from an avahi that is not there`() async throws {
        try await withHome { home in
            let path = home.folders.data + "/bus"
            let without = DiscoveryCheck(state: "Avahi does not answer.", bus: path).findings()
            #expect(without.map(\.subject) == ["dbus", "avahi"])
            #expect(without.allSatisfy { $0.verdict == .warning && $0.remedy != nil })

            let bus = try Bus(at: path)
            let with = DiscoveryCheck(state: "Avahi does not answer.", bus: path).findings()
            #expect(with.map(\.subject) == ["avahi"])
            #expect(with[0].remedy?.hasPrefix("sudo systemctl start avahi-daemon") == true)
            bus.close()
            #expect(DiscoveryCheck(state: "available", bus: path).findings().map(\.verdict) == [.ok])
        }
    }

    @Test func `the bus is where its address says`() {
        #expect(DiscoveryCheck.busPath([:]) == "/run/dbus/system_bus_socket")
        #expect(DiscoveryCheck.busPath(["DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/a/b,guid=1"]) == "/a/b")
        #expect(DiscoveryCheck.busPath(["DBUS_SYSTEM_BUS_ADDRESS": "tcp:host=x"]) == nil)
    }

    @Test func `a peer that is cut off is a warning, one that forgot us a failure, and back again`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            func peer() async throws -> Finding {
                try #require(
                    try await mesh.ask(Diagnose(), at: "laptop").findings.first { $0.subject == "peer studio" })
            }
            let fine = try await peer()
            #expect(fine.verdict == .ok && fine.message.contains("with kith \(Version.text)"))

            await mesh.cut("studio")
            try await mesh["laptop"].waitUntil("studio", is: .offline)
            let cut = try await peer()
            #expect(cut.verdict == .warning && cut.remedy?.hasPrefix("kith start  # There.") == true, "\(cut)")
            try await mesh.heal("studio")
            try await mesh["laptop"].waitUntilOnline("studio")
            #expect(try await peer().verdict == .ok)

            _ = try await mesh.ask(RemovePeer(peer: "laptop"), at: "studio")
            var refused = try await peer()
            // A machine that computes all else at once may let the three seconds of a question pass.
            for _ in 0..<3 where refused.verdict == .warning { refused = try await peer() }
            #expect(refused.verdict == .failed && refused.remedy == "kith pair studio", "\(refused)")
        }
    }

    @Test func `grants without bounds beyond a preset are named, until they are taken back or bounded`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            func grants() async throws -> Finding {
                let findings = try await mesh.ask(Diagnose(security: true), at: "laptop").findings
                return try #require(findings.first { $0.subject == "grants studio" })
            }
            #expect(try await grants().verdict == .ok)
            let wide = GrantPeer(peer: "studio", preset: .standard, add: [GrantRule(.exec), GrantRule(.filesWrite)])
            _ = try await mesh.ask(wide, at: "laptop")
            let finding = try await grants()
            #expect(finding.message == "It holds `default`, and without bounds: exec, files.write.")
            #expect(finding.remedy?.hasPrefix("kith peers grant studio --revoke exec --revoke files.write  #") == true)

            let bounded = GrantPeer(
                peer: "studio", add: [GrantRule(.exec, scope: ["git"])], remove: [.filesWrite])
            _ = try await mesh.ask(bounded, at: "laptop")
            #expect(try await grants().verdict == .ok)
        }
    }

    private func grants(_ rules: [GrantRule], in home: String = "/home/ann") throws -> Finding {
        let id = try #require(PeerID(bytes: Array(repeating: 1, count: 32)))
        let peer = PeerStatus(id: id, name: PeerName(nearest: "studio"), status: .online, grants: GrantSet(rules))
        return GrantsCheck(userHome: home).finding(about: peer)
    }

    @Test(arguments: ["/", "/home"]) func `files above the home folder are wide, and taken back alone`(folder: String)
        throws
    {
        let files: [Grant] = [.filesRead, .filesWrite]
        let mine = GrantPreset.mine.grants.rules.filter { !files.contains($0.grant) }
        let above = files.map { GrantRule($0, scope: ["/srv", folder]) }

        let widened = try grants(mine + above)
        let alone = try grants(GrantPreset.standard.grants.rules + above.prefix(1))

        #expect(
            widened.message
                == "It holds `mine`, and without bounds: files.read=/srv,\(folder), files.write=/srv,\(folder).")
        #expect(
            widened.remedy?.hasPrefix("kith peers grant studio --allow files.read --allow files.write  #") == true)
        #expect(alone.message == "It holds `default`, and without bounds: files.read=/srv,\(folder).")
        #expect(alone.remedy?.hasPrefix("kith peers grant studio --revoke files.read  #") == true)
    }

    @Test func `files below the home folder or beside it are bounded, the home folder by its name is not`() throws {
        let rules = GrantPreset.standard.grants.rules
        let bounded = [["/home/ann/notes"], ["/srv", "/home/annabel"]]
        for scope in bounded { #expect(try grants(rules + [GrantRule(.filesRead, scope: scope)]).verdict == .ok) }
        let whole = try grants(rules + [GrantRule(.filesRead, scope: ["/home/ann"])])
        #expect(whole.message == "It holds `default`, and without bounds: files.read=/home/ann.")
    }

    @Test func `a remedy for wide files leaves the preset as it is`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            func finding() async throws -> Finding {
                let findings = try await mesh.ask(Diagnose(security: true), at: "laptop").findings
                return try #require(findings.first { $0.subject == "grants studio" })
            }
            let wide = [Grant.filesRead, .filesWrite].map { GrantRule($0, scope: ["/"]) }
            _ = try await mesh.ask(GrantPeer(peer: "studio", preset: .mine, add: wide), at: "laptop")
            #expect(try await finding().verdict == .warning)
            // What the remedy's words ask for.
            let narrow = [Grant.filesRead, .filesWrite].map { GrantRule($0) }
            let after = try await mesh.ask(GrantPeer(peer: "studio", add: narrow), at: "laptop")
            #expect(Set(after.grants.rules.map(\.grant)) == Set(GrantPreset.mine.grants.rules.map(\.grant)))
            #expect(try await finding().message == "It holds `mine`, and nothing wide beyond that.")
        }
    }

    @Test func `a configuration that is missing is not said to be there`() async throws {
        try await withHome { home in
            let path = home.folders.configuration
            let doctor = HomeDoctor(home: home)
            #expect(
                try await finding("configuration", doctor)
                    == Finding("configuration", .ok, "There is no \(path); the defaults hold."))
            try Data("name: x\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try await finding("configuration", doctor) == Finding("configuration", .ok, path))
        }
    }

    @Test func `without --security nothing is said about grants, sockets and keys`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let subjects = Set(try await mesh.ask(Diagnose(), at: "laptop").findings.map(\.subject))
            #expect(subjects.isDisjoint(with: ["grants studio", "socket", "key"]))
        }
    }

    @Test func `a socket that nobody expects is named`() throws {
        let line = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1"
        let socket = try #require(OpenPorts(line[...]))
        let expected = SecurityDoctor.sockets([socket], expected: [socket.port], loopback: nil)
        let strange = SecurityDoctor.sockets([socket], expected: [], loopback: nil)

        #expect(expected.map(\.verdict) == [.ok])
        #expect(strange.map(\.verdict) == [.warning])
        #expect(strange[0].remedy?.hasPrefix("kith restart") == true)
    }

    @Test func `the kernel's list of sockets is read`() throws {
        let line = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1"
        let one = try #require(OpenPorts(line[...]))
        #expect(one.host == "127.0.0.1" && one.port == 8080 && one.inode == 77 && one.isLoopback)
        #expect(OpenPorts(line.replacing(" 0A ", with: " 01 ")[...]) == nil)
        #expect(OpenPorts("nonsense"[...]) == nil)
    }

    @Test func `a peer not seen for ninety days is named`() {
        let (now, name) = (Date(), PeerName(nearest: "attic"))
        let old = SecurityDoctor.unseen(name, since: now.addingTimeInterval(-91 * 86_400), at: now)
        #expect(old?.remedy == "kith peers remove attic")
        #expect(old?.message.contains("91 days") == true)
        #expect(SecurityDoctor.unseen(name, since: now.addingTimeInterval(-89 * 86_400), at: now) == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `when a peer was last seen is known after a restart, and forgotten with the peer`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let book = SeenBook(folder: mesh["laptop"].kithHome.path + "/seen")
            // It is noted beside what made it known.
            while book.last(mesh["studio"].id) == nil { _ = try await mesh.ask(Ping(), at: "laptop") }
            let noted = try #require(book.last(mesh["studio"].id))
            #expect(abs(noted.timeIntervalSinceNow) < 60)
            _ = try await mesh.ask(RemovePeer(peer: "studio"), at: "laptop")
            #expect(book.last(mesh["studio"].id) == nil)
        }
    }

    @Test func `a path survives the shell`() {
        #expect("/a/b-1.c".quoted == "/a/b-1.c")
        #expect("/a b/it's".quoted == #"'/a b/it'\''s'"#)
        #expect("/a;rm".quoted == "'/a;rm'")
    }
}

/// A socket that listens, as a bus does.
private struct Bus {
    private let descriptor: Int32

    init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound && listen(descriptor, 4) == 0)
    }

    func close() { Glibc.close(descriptor) }
}
