import Foundation
import KithAPI
import Testing

struct GrantTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    @Test func `nothing is allowed that was not granted`() {
        for grant in Grant.allCases { #expect(!GrantSet().allows(grant, at: now)) }
    }

    @Test func `the owner's right is never a peer's, whatever the rules say`() {
        #expect(!GrantSet([GrantRule(.owner)]).allows(.owner, at: now))
        #expect(!GrantPreset.mine.grants.allows(.owner, at: now))
    }

    @Test func `the most specific rule wins, and deny beats allow`() {
        let grants = GrantSet([
            GrantRule(.contextRead), GrantRule(.contextRead, .deny, scope: ["secret/"]),
            GrantRule(.contextRead, .allow, scope: ["secret/shared/"]),
            GrantRule(.contextWrite), GrantRule(.contextWrite, .deny),
        ])
        #expect(grants.allows(.contextRead, on: "build", at: now))
        #expect(!grants.allows(.contextRead, on: "secret/key", at: now))
        #expect(grants.allows(.contextRead, on: "secret/shared/x", at: now))
        #expect(!grants.allows(.contextWrite, on: "x", at: now))
    }

    @Test func `a folder covers what is below it and not its neighbours`() {
        let grants = GrantSet([GrantRule(.filesRead, scope: ["/home/ada/code"])])
        #expect(grants.allows(.filesRead, on: "/home/ada/code", at: now))
        #expect(grants.allows(.filesRead, on: "/home/ada/code/a", at: now))
        #expect(!grants.allows(.filesRead, on: "/home/ada/codex", at: now))
        #expect(!grants.allows(.filesRead, on: "/home/ada", at: now))
    }

    @Test func `a letter that merges with the slash before it escapes no rule`() {
        let grants = GrantSet([GrantRule(.filesRead), GrantRule(.filesRead, .deny, scope: ["/home/ada/secret"])])
        #expect(!grants.allows(.filesRead, on: "/home/ada/secret/\u{301}x", at: now))
    }

    @Test func `a rule ends at its hour`() {
        let grants = GrantSet([GrantRule(.exec, expiresAt: now)])
        #expect(grants.allows(.exec, at: now.addingTimeInterval(-1)))
        #expect(!grants.allows(.exec, at: now))
    }

    @Test func `pairing alone gives no commands and no files`() {
        let grants = GrantPreset.standard.grants
        #expect(Set(grants.rules.map(\.grant)) == [.observe, .message, .contextRead, .contextWrite])
    }
}

struct FoldersTests {
    @Test func `one folder holds everything when it is asked to`() throws {
        let folders = try Folders(environment: ["KITH_HOME": "/k", "HOME": "/home/ada"], userID: 7)
        #expect(folders.configuration == "/k/config.yaml")
        #expect(folders.socket == "/k/run/kith.sock")
    }

    @Test func `the XDG folders are followed`() throws {
        let folders = try Folders(environment: ["HOME": "/home/ada", "XDG_RUNTIME_DIR": "/run/user/7"], userID: 7)
        #expect(folders.data == "/home/ada/.local/share/kith")
        #expect(folders.socket == "/run/user/7/kith/kith.sock")
    }

    @Test func `a socket's path always fits`() throws {
        let deep = "/" + String(repeating: "deep/", count: 40)
        let folders = try Folders(environment: ["KITH_HOME": deep, "HOME": "/h"], userID: 7)
        #expect(folders.socket.utf8.count < 108)
        #expect(folders.socket.hasPrefix("/tmp/kith-7-"))
    }

    @Test func `a relative home is refused`() {
        #expect(throws: KithError.self) { try Folders(environment: ["KITH_HOME": "k", "HOME": "/h"], userID: 7) }
    }
}
