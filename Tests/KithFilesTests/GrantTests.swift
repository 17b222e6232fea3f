import Foundation
import KithAPI
import Testing

@testable import KithFiles

/// What rules open and close.
@Suite struct GrantTests {
    private func prepare(_ grounds: Grounds) throws {
        try grounds.write("home/.ssh/config", "config")
        try grounds.write("home/.ssh/id", "key")
        try grounds.write("home/code/app/main", "main")
        try grounds.write("home/code/private/plan", "plan")
        try grounds.write("outside/shared/file", "shared")
    }

    private func readable(_ grounds: Grounds, _ rules: GrantRule...) -> [String] {
        let boundary = Boundary(
            GrantSet(rules), .filesRead, home: Home(grounds.home), protected: [], at: Date(timeIntervalSince1970: 1_000)
        )
        let all = [".ssh/config", ".ssh/id", "code/app/main", "code/private/plan", grounds.outside + "/shared/file"]
        return all.filter { path in
            (try? boundary.open(try RequestedPath(path, home: boundary.home))) != nil
        }
    }

    @Test func `a rule without a scope opens the home folder, without what is closed in it`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            #expect(readable(grounds, GrantRule(.filesRead)) == ["code/app/main", "code/private/plan"])
            #expect(readable(grounds) == [])
        }
    }

    @Test func `what is closed by default opens to a rule that names it, and only that`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            #expect(readable(grounds, GrantRule(.filesRead, scope: ["~/.ssh/config"])) == [".ssh/config"])
            #expect(
                readable(grounds, GrantRule(.filesRead, scope: [grounds.home + "/.ssh/"])) == [
                    ".ssh/config", ".ssh/id",
                ])
            #expect(readable(grounds, GrantRule(.filesRead, scope: ["/"])).contains(".ssh/id") == false)
            let both = readable(grounds, GrantRule(.filesRead), GrantRule(.filesRead, scope: [".ssh/config"]))
            #expect(both == [".ssh/config", "code/app/main", "code/private/plan"])
        }
    }

    @Test func `a deny rule closes what a wider rule opens, and beats one of the same length`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let deny = GrantRule(.filesRead, .deny, scope: ["~/code/private"])
            #expect(readable(grounds, GrantRule(.filesRead), deny) == ["code/app/main"])
            let same = GrantRule(.filesRead, scope: ["~/code/private"])
            #expect(readable(grounds, same, deny) == [])
            #expect(readable(grounds, GrantRule(.filesRead), GrantRule(.filesRead, .deny)) == [])
            #expect(readable(grounds, GrantRule(.filesRead), GrantRule(.filesRead, .deny, scope: ["a/../b"])) == [])
        }
    }

    @Test func `a deny rule closes the folder behind a link, too`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            try grounds.link("home/closed", to: "code/private")
            let deny = GrantRule(.filesRead, .deny, scope: ["~/closed"])
            #expect(readable(grounds, GrantRule(.filesRead), deny) == ["code/app/main"])
        }
    }

    @Test func `a folder outside of the home folder can be granted, and an expired rule opens nothing`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let shared = grounds.outside + "/shared"
            #expect(readable(grounds, GrantRule(.filesRead, scope: [shared])) == [shared + "/file"])
            let past = Date(timeIntervalSince1970: 999)
            #expect(readable(grounds, GrantRule(.filesRead, scope: [shared], expiresAt: past)) == [])
            #expect(readable(grounds, GrantRule(.filesWrite)) == [])
        }
    }

    @Test func `a grant whose scope is a link opens nothing behind it`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            try grounds.link("home/project", to: "../outside/shared")
            try grounds.link("home/inner", to: "code/app")
            #expect(readable(grounds, GrantRule(.filesRead, scope: ["~/project", "~/inner"])) == [])
            let boundary = Boundary(
                GrantSet([GrantRule(.filesRead, scope: ["~/project"])]), .filesRead, home: Home(grounds.home),
                protected: [],
                at: Date())
            #expect((try? boundary.open(try RequestedPath("project/file", home: boundary.home))) == nil)
        }
    }

    @Test func `what is closed stays closed where it would be made behind a linked folder`() async throws {
        try await withGrounds { grounds in
            try grounds.folder("home/dots/config")
            try grounds.link("home/.config", to: "dots/config")
            try grounds.link("home/.bashrc", to: "dots/bashrc")
            for destination in [
                "dots/config/autostart/", "dots/config/kith/config.yaml", "dots/bashrc", ".config/kith/",
            ] {
                let (outcomes, failure) = try await grounds.service.feed(
                    fileFrames("x", "planted") + [.over], to: destination, as: friend())
                #expect(outcomes == [] && failure != nil)
            }
            #expect(try grounds.names("home/dots") == ["config"])
        }
    }

    @Test func `reading does not need what writing needs`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            let reader = try peer(GrantRule(.filesRead))
            let (_, failure) = try await grounds.service.feed(
                fileFrames("x", "x") + [.over], to: "code/", as: reader)
            #expect(failure?.code == .denied)
        }
    }

    @Test func `a home folder behind a link is one folder under two names`() async throws {
        try await withGrounds { grounds in
            try prepare(grounds)
            try grounds.link("alias", to: "home")
            let service = FileService(home: grounds.root + "/alias", protected: [])
            let names = [grounds.root + "/alias/code", grounds.home + "/code", "code", "~/code"]
            for name in names {
                let page = try await service.list(ListFiles(path: name), from: friend())
                #expect(page.entries.map(\.path) == ["app", "private"].map { grounds.home + "/code/" + $0 })
            }
            #expect(
                await code { try await service.list(ListFiles(path: grounds.root + "/alias/.ssh"), from: friend()) }
                    == .notFound)
        }
    }
}
