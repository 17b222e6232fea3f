import KithAPI
import KithWire
import ServiceLifecycle

/// The two doors of a node, and the moment when both are open; and a third on the loopback interface, if asked for.
struct Doors: Sendable {
    let services: [any Service]
    private let opening: Opening

    init(_ parts: Parts, _ dispatcher: Dispatcher) throws {
        let opening = Opening { parts.notice.ready(as: parts.status.identity.name.text) }
        self.opening = opening
        let configuration = parts.startConfiguration
        let local = LocalDoor(
            path: parts.home.folders.socket, dispatcher: dispatcher, forwarder: Forwarder(peers: parts.client),
            metrics: { await parts.metrics.text(parts) }, logger: parts.logger,
            onReady: { await opening.localIsOpen() })
        let peers = try PeerDoor(
            host: configuration.listenHost, port: configuration.listenPort, identity: parts.identity, book: parts.book,
            dispatcher: dispatcher, live: parts.live, pairing: parts.desk, directory: parts.directory,
            logger: parts.logger,
            onReady: { port in
                if let address = Address(host: configuration.listenHost, port: port) {
                    parts.status.listens(at: address, announcing: configuration.announcedPort)
                }
                await parts.announce(isPairing: false)
                await parts.fleet?.doorIsOpen(host: configuration.listenHost, port: port)
                await opening.peersIsOpen(at: port)
            })
        let mcp = try configuration.mcpPort.map {
            try MCPDoor(port: $0, home: parts.home, logger: parts.logger).services
        }
        services = [peers, local] + (mcp ?? [])
    }

    /// Waits until both are open; the port of the peers'.
    func waitUntilReady() async -> Int { await opening.wait() }
}

/// Two doors, opened in any order.
private actor Opening {
    private var port: Int?
    private var isLocalOpen = false
    private var waiting: [CheckedContinuation<Int, Never>] = []
    private let onOpen: @Sendable () -> Void

    /// `onOpen` is called once, when both are open.
    init(onOpen: @escaping @Sendable () -> Void) { self.onOpen = onOpen }

    func localIsOpen() {
        isLocalOpen = true
        announce()
    }

    func peersIsOpen(at port: Int) {
        self.port = port
        announce()
    }

    func wait() async -> Int {
        if let port, isLocalOpen { return port }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func announce() {
        guard let port, isLocalOpen else { return }
        onOpen()
        for one in waiting { one.resume(returning: port) }
        waiting = []
    }
}
