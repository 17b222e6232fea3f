import Foundation
import KithAPI
import Testing

@testable import KithFiles

/// A peer that tries to leave its home folder, or to reach what is closed in it.
@Suite struct EscapeTests {
    private func prepare(_ grounds: Grounds) throws {
        try grounds.write("outside/secret", "outside")
        try grounds.write("home/.ssh/id", "key")
        try grounds.write("home/data/kith.sqlite", "data")
        try grounds.write("home/.bashrc", "start")
        try grounds.write("home/dots/profile", "start")
        try grounds.write("home/code/app", "fine")
        try grounds.write("home/.config/kith/config.yaml", "config")
        try grounds.link("home/.profile", to: "dots/profile")
        try grounds.link("home/leak", to: "../outside/secret")
        try grounds.link("home/absolute", to: grounds.outside)
        try grounds.link("home/outwards", to: "../outside")
        try grounds.link("home/keys", to: ".ssh")
        try grounds.link("home/key", to: ".ssh/id")
        try grounds.link("home/magic", to: "/proc/self/root")
    }

    static let reads = [
        "../outside/secret", "/etc/passwd", "OUTSIDE/secret", "code/../../outside/secret", "code/../../home/code/app",
        "leak", "absolute/secret", "outwards/secret", "outwards", "magic/etc/passwd", "magic",
        "/proc/self/root/etc/passwd", "/proc/self/cwd", "/proc/self/fd/0", "/proc/thread-self/root",
        ".ssh", ".ssh/id", "~/.ssh/id", "HOME/.ssh/id", "./.ssh//id", "keys/id", "keys", "key",
        "data/kith.sqlite", ".bashrc", ".profile", "dots/profile", ".config/kith/config.yaml", "..", "/", "~/..",
        "code/app/", "code/app/x", "absent",
    ]

    @Test(arguments: reads) func `reading is refused as if nothing were there`(_ path: String) async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let path = path.replacingOccurrences(of: "OUTSIDE", with: grounds.outside)
                .replacingOccurrences(of: "HOME", with: grounds.home)
            let (entries, content) = try await grounds.service.fetch([path], as: friend())
            #expect(entries.map { $0.error?.code } == [path == "code/app/" ? nil : .notFound])
            #expect(content == (path == "code/app/" ? "fine" : ""))
        }
    }

    static let writes = [
        "../outside/new", "../outside/", "/etc/kith-test-new", "OUTSIDE/new", "OUTSIDE/secret",
        "code/../../outside/new",
        "absolute/new", "outwards/new", "outwards/", "absolute/", "magic/tmp/kith-test-new", "/proc/self/root/tmp/new",
        "/proc/self/cwd/new", ".ssh/authorized_keys", ".ssh/", ".ssh", "keys/authorized_keys", "keys/", "keys/new/",
        "outwards/made/", "data/kith.sqlite", "data/new/", ".bashrc", ".profile", "dots/profile", ".zshenv",
        ".config/kith/config.yaml", ".config/autostart/", ".config/systemd/user/x.service", "..", "/", "~/../x",
    ]

    @Test(arguments: writes) func `writing is refused and nothing changes`(_ destination: String) async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let before = try grounds.snapshot("")
            let destination = destination.replacingOccurrences(of: "OUTSIDE", with: grounds.outside)
            let (outcomes, failure) = try await grounds.service.feed(
                fileFrames("new", "planted") + [.over], to: destination, as: friend())
            #expect(outcomes == [])
            #expect([.denied, .notFound].contains(failure?.code))
            #expect(try grounds.snapshot("") == before)
        }
    }

    static let entries = [
        "../new", "/etc/kith-test-new", "a/../../new", "", ".", "..", "a/..", "a//b", "a/", "/", "a\u{0}b",
        String(repeating: "a", count: 5_000), String(repeating: "a/", count: 200) + "b",
        String(repeating: "n", count: 256),
        ".ssh/authorized_keys", ".ssh", ".bashrc", ".profile", "dots/profile", "data/kith.sqlite", "data",
        ".config/kith/config.yaml", ".config/autostart/new.desktop", "keys/new", "outwards/new", "absolute/new",
        "magic/tmp/new", "missing/new", "code/app/new",
    ]

    @Test(arguments: entries) func `the path of an entry cannot lead away, and the rest goes on`(_ path: String)
        async throws
    {
        try await withGrounds { grounds in
            try prepare(grounds)
            let before = try grounds.snapshot("", times: false)
            let (outcomes, failure) = try await grounds.service.feed(
                fileFrames(path, "planted") + fileFrames("good", "good", file: 1) + [.over], to: "~/", as: friend())
            #expect(outcomes.map { $0.error == nil } == [false, true])
            #expect(failure == nil)
            #expect(grounds.read("home/good") == "good")
            try FileManager.default.removeItem(atPath: grounds.home + "/good")
            #expect(try grounds.snapshot("", times: false) == before)
        }
    }

    @Test func `a link that the peer plants is not followed when it writes behind it`() async throws {
        try await withGrounds { grounds in
            let frames: [Frame] = [
                .records(.entry(.of("l", .symlink, target: grounds.outside))), .records(.entry(.of("l", .directory))),
                .records(.entry(.of("l/new", size: 7))), .over,
            ]
            let (outcomes, failure) = try await grounds.service.feed(frames, to: "in/", as: friend())
            #expect(Set(outcomes.map { $0.error?.code }) == [nil, .fileNotFolder])
            #expect(outcomes.count == 3)
            #expect(failure == nil)
            #expect(try grounds.names("outside") == [])
        }
    }

    @Test func `a link that stands at the target is replaced, not followed`() async throws {
        try await withGrounds { grounds in
            try grounds.write("outside/secret", "outside")
            try grounds.link("home/leak", to: "../outside/secret")
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("leak", "new") + [.over], to: "leak", as: friend())
            #expect(outcomes.map(\.error) == [nil])
            #expect(grounds.read("outside/secret") == "outside")
            #expect(grounds.read("home/leak") == "new")
        }
    }

    @Test func `a link that leaves the root is refused even if it comes back`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/code/app", "fine")
            try grounds.link("home/again", to: "../home/code/app")
            try grounds.link("home/absolute", to: grounds.home + "/code/app")
            try grounds.link("home/inside", to: "code/app")
            let (entries, content) = try await grounds.service.fetch(["again", "absolute", "inside"], as: friend())
            #expect(entries.map { $0.error?.code } == [.notFound, .notFound, nil])
            #expect(content == "fine")
        }
    }

    @Test func `forbidden and absent are told in the same words`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let friend = try friend()
            let denied = try await grounds.service.fetch([".ssh/id"], as: friend).entries.first?.error
            let absent = try await grounds.service.fetch([".ssh/no"], as: friend).entries.first?.error
            #expect(denied?.message.replacingOccurrences(of: "/id`", with: "/no`") == absent?.message)
            #expect(denied?.hint == absent?.hint)
        }
    }

    @Test func `a folder that is sent leaves out what is closed`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let (entries, content) = try await grounds.service.fetch(["."], as: friend())
            #expect(
                entries.map(\.path) == ["home"]
                    + [
                        ".config", "absolute", "code", "code/app", "dots", "key", "keys", "leak", "magic", "outwards",
                    ].map { "home/" + $0 })
            #expect(content == "fine")
        }
    }

    @Test func `listing hides what is closed and shows links without following them`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let page = try await grounds.service.list(ListFiles(), from: friend())
            #expect(
                page.entries.map(\.name) == [
                    ".config", "absolute", "code", "dots", "key", "keys", "leak", "magic", "outwards",
                ])
            #expect(page.entries.first { $0.name == "keys" }?.target == ".ssh")
            for path in ["outwards", "keys", "..", "/", "absolute", "magic"] {
                let refused = await code { try await grounds.service.list(ListFiles(path: path), from: friend()) }
                #expect(refused == .notFound)
            }
        }
    }

    @Test func `magic links are refused even to the owner and to a peer that may read everything`() async throws {
        try await withGrounds { grounds in
            let all = try peer(GrantRule(.filesRead, scope: ["/"]))
            for caller in [all, .owner] {
                for path in ["/proc/self/root/etc/passwd", "/proc/self/cwd", "/proc/self/exe"] {
                    let (entries, content) = try await grounds.service.fetch([path], as: caller)
                    #expect(entries.first?.error != nil)
                    #expect(content == "")
                }
            }
        }
    }
}
