import CLinux
import Dispatch
import Glibc
import KithAPI

/// Starting the keeper's process, in a session of its own.
struct KeeperStart: Sendable {
    /// The path of `kith`.
    let program: String
    let folder: String
    let limits: KeeperLimits
    let scope: ServiceScope

    private static let queue = DispatchQueue(label: "kith.keeper.start", attributes: .concurrent)

    /// Returns when it listens, or has left because another one does.
    ///
    /// - Throws: ``KithError`` `unavailable` where it cannot be started.
    func run(on loop: DescriptorLoop) async throws {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result { try start(on: loop) }) }
        }
    }

    private func start(on loop: DescriptorLoop) throws {
        let limits = String(decoding: try JSON.encode(limits), as: UTF8.self)
        // Its mark is left out, so its id says nothing.
        var generator = SystemRandomNumberGenerator()
        let words = ["keeper", "--folder", folder, "--limits", limits]
        let launch = Launch(
            id: .random(using: &generator), program: scope.prefix.first ?? program,
            arguments: scope == .none ? ["kith"] + words : scope.words([program] + words),
            environment: scope.environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { $1 }, folder: "/")
        let spawned: Spawned
        do {
            spawned = try Spawned(launch, bonds: .init(isMarked: false))
        } catch {
            throw KithError(
                .unavailable, "The keeper cannot be started: \(String(cString: strerror(error.number))).",
                hint: "Check that `\(program)` is there.")
        }
        Self.reapLater(spawned.handle, on: loop)
        let said = [spawned.output, spawned.error].map(Self.everything)
        // 75: another one has the folder.
        guard said[0].isEmpty, !said[1].isEmpty, !said[1].contains("Another keeper") else { return }
        throw KithError(.unavailable, "The keeper did not start: \(said[1])", hint: "See `kith doctor`.")
    }

    /// What comes until it is closed: the keeper closes both when it listens.
    private static func everything(_ descriptor: Int32) -> String {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1024)
        while bytes.count < 1 << 16 {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 20_000) > 0 else { break }
            let count = read(descriptor, &room, room.count)
            guard count > 0 else { break }
            bytes += room[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// It is our child as long as we live.
    private static func reapLater(_ handle: Int32, on loop: DescriptorLoop) {
        let box = KeeperHandle(handle: handle, loop: loop)
        loop.perform { box.begin() }
    }
}

/// Waits for a keeper that we started, so that it leaves no zombie.
private final class KeeperHandle: Sendable {
    private let handle: Int32
    private let loop: DescriptorLoop

    init(handle: Int32, loop: DescriptorLoop) {
        self.handle = handle
        self.loop = loop
    }

    @OnLoop func begin() {
        _ = try? loop.watch(handle, for: .readable) { [self] in
            var (code, signal): (Int32, Int32) = (0, 0)
            kith_wait(handle, 1, &code, &signal)
            close(handle)
        }
    }
}
