import KithAPI
import KithClient
import KithTestKit
import Testing

/// Terminals through real daemons: who may, who sees what, and what stays.
struct TerminalTests {
    private static let window = TerminalSize(columns: 80, rows: 24)
    private static let prompt = "PS1='re''ady> '\r"

    private static func shell(_ name: String? = nil) -> OpenTerminal {
        OpenTerminal(name: name, command: ["sh"], size: window)
    }

    @Test(arguments: [nil, "studio"] as [String?])
    func `a terminal runs on when its client leaves, and shows its screen to who comes back`(peer: String?) async throws
    {
        try await withMesh(["laptop", "studio"]) { mesh in
            let client = mesh["laptop"].client
            let target: KithClient.Target = peer.map { .peer($0) } ?? .local
            try await client.pipe(Self.shell("work"), on: target) { pipe in
                let visitor = Visitor(pipe)
                try await visitor.type("echo $KITH_TERMINAL-$TERM; echo le''ft\r")
                try await visitor.sees("left")
            }
            let end = try await client.pipe(AttachTerminal(terminal: "work", size: Self.window), on: target) { pipe in
                let visitor = Visitor(pipe)
                try await visitor.sees("work-xterm-256color")
                try await visitor.type("exit 3\r")
                return try await visitor.end()
            }
            #expect(end.exitCode == 3)
        }
    }

    @Test func `two work in one terminal, the smaller window counts, and a watcher's keys do not`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let client = mesh["laptop"].client
            try await client.pipe(Self.shell("both"), on: .peer("studio")) { first in
                let one = Visitor(first)
                try await one.type(Self.prompt)
                try await one.sees("ready>")
                let small = AttachTerminal(terminal: "both", size: TerminalSize(columns: 60, rows: 30))
                try await client.pipe(small, on: .peer("studio")) { second in
                    let two = Visitor(second)
                    try await two.sees("ready>")
                    try await two.type("stty size\r")
                    try await one.sees("24 60")
                    try await second.send(Frame(.event, json: CommandWord(size: TerminalSize(columns: 50, rows: 9))))
                    try await two.type("stty size\r")
                    try await one.sees("9 50")
                }
                let watching = AttachTerminal(
                    terminal: "both", size: TerminalSize(columns: 20, rows: 5), isReadOnly: true)
                try await mesh["studio"].client.pipe(watching) { third in
                    let watcher = Visitor(third)
                    try await watcher.type("echo ne''ver\r")
                    try await one.type("stty size\r")
                    try await one.sees("24 80")
                    let text = await one.text
                    #expect(!text.contains("never"))
                }
                try await one.type("exit\r")
            }
        }
    }

    @Test func `terminals have names, are listed, and end when they are told to`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let client = mesh["laptop"].client
            let end = try await client.pipe(Self.shell(), on: .peer("studio")) { pipe in
                let visitor = Visitor(pipe)
                try await visitor.type(Self.prompt)
                try await visitor.sees("ready>")
                let listed = try await client.call(ListTerminals(), on: .peer("studio")).jobs
                #expect(listed.map(\.name) == ["1"])
                #expect(listed.map(\.startedBy) == ["laptop"])
                #expect(listed.map(\.followers) == [1])
                let taken = await #expect(throws: KithError.self) {
                    try await client.pipe(Self.shell("1"), on: .peer("studio")) { _ = try await $0.receive() }
                }
                #expect(taken?.code == .conflict)
                _ = try await client.call(EndTerminal(terminal: "1"), on: .peer("studio"))
                return try await visitor.end()
            }
            #expect(end.signal == "HUP")
        }
    }

    @Test(arguments: ["", "a b", "a/b", "-x", "a\u{7}", String(repeating: "x", count: 64)])
    func `a name that could be something else is refused`(name: String) async throws {
        try await withMesh(["laptop"], paired: false) { mesh in
            let error = await #expect(throws: KithError.self) {
                try await mesh["laptop"].client.pipe(Self.shell(name)) { _ = try await $0.receive() }
            }
            #expect(error?.code == .requestInvalid)
        }
    }

    @Test func `a peer without the grant has no terminal, and one that loses it is sent away`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let client = mesh["laptop"].client
            let lost = await #expect(throws: KithError.self) {
                try await client.pipe(Self.shell("mine"), on: .peer("studio")) { pipe in
                    let visitor = Visitor(pipe)
                    try await visitor.type(Self.prompt)
                    try await visitor.sees("ready>")
                    _ = try await mesh["studio"].client.call(GrantPeer(peer: "laptop", preset: .observer))
                    _ = try await visitor.end()
                }
            }
            #expect(lost?.code == .denied || lost?.code == .linkLost, "\(String(describing: lost))")
            for attempt in [
                Self.shell("other") as any KithAPI.Pipe, AttachTerminal(terminal: "mine", size: Self.window),
            ] {
                let error = await #expect(throws: KithError.self) { try await Self.open(attempt, client) }
                #expect(error?.code == .denied, "\(String(describing: error))")
            }
            let kept = try await mesh["studio"].client.call(EndTerminal(terminal: "mine"))
            #expect(kept.state == .running)
        }
    }

    private static func open(_ request: some KithAPI.Pipe, _ client: KithClient) async throws {
        try await client.pipe(request, on: .peer("studio")) { _ = try await $0.receive() }
    }
}

/// Somebody at a terminal who reads its bytes as they come.
private actor Visitor {
    private let pipe: Duplex
    private(set) var text = ""
    private var last: CommandEnd?

    init(_ pipe: Duplex) { self.pipe = pipe }

    func type(_ text: String) async throws { try await pipe.send(Frame(.data, Array(text.utf8))) }

    /// Reads until `wanted` has come, and forgets what came before.
    func sees(_ wanted: String) async throws {
        while !text.contains(wanted) {
            guard try await read() else { throw KithError(.conflict, "\(wanted) never came: \(text)") }
        }
        text = text.firstRange(of: wanted).map { String(text[$0.upperBound...]) } ?? ""
    }

    func end() async throws -> CommandEnd {
        while last == nil, try await read() {}
        guard let last else { throw KithError(.conflict, "There was no end.") }
        return last
    }

    private func read() async throws -> Bool {
        guard let frame = try await pipe.receive() else { return false }
        switch frame.kind {
        case .data: text += String(decoding: frame.payload, as: UTF8.self)
        case .end: last = try frame.decode(CommandEnd.self)
        case .failure: throw try frame.decode(KithError.self)
        default: break
        }
        return frame.kind != .end
    }
}
