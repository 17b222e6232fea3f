import CLinux
import Dispatch
import FoundationEssentials
import Glibc
import KithAPI

/// `kith keeper --folder DIR [--limits JSON]`: the process that outlives the daemon. Hidden from people.
public enum KeeperProgram {
    /// Runs a keeper until it leaves; says `ready` on its standard output when it listens.
    ///
    /// - Parameter arguments: what follows `keeper` on the command line.
    public static func run(_ arguments: [String]) -> Never {
        guard let folder = value(of: "--folder", in: arguments), folder.hasPrefix("/") else {
            stop("usage: kith keeper --folder DIR", code: 64)
        }
        let limits = value(of: "--limits", in: arguments).flatMap { text in
            try? JSON.decode(KeeperLimits.self, from: Array(text.utf8))
        }
        umask(0o077)
        kith_hold_child_signals()
        kith_adopt_orphans()
        OpenFiles.raise()
        guard case .success(let loop) = DescriptorLoop.shared else { stop("no descriptors are left", code: 69) }
        loop.perform { serve(folder, limits ?? KeeperLimits(), on: loop) }
        // Not `dispatchMain`, which ends this thread: /proc would show an empty process.
        while true { pause() }
    }

    @OnLoop private static func serve(
        _ folder: String, _ limits: KeeperLimits, on loop: DescriptorLoop
    ) {
        do {
            let server = try KeeperServer(folder: folder, limits: limits) { exit(0) }
            try listenForOrphans(of: server, on: loop)
            sayReady()
        } catch {
            stop(error.message, code: error.code == .conflict ? 75 : 69)
        }
    }

    @OnLoop private static func listenForOrphans(
        of server: KeeperServer, on loop: DescriptorLoop
    ) throws(KithError) {
        let bell = kith_child_bell()
        let box = OrphanWatch(bell: bell, loop: loop, server: server)
        try box.begin()
    }

    private static func sayReady() {
        _ = "ready\n".withCString { write(1, $0, 6) }
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        for descriptor in 0...2 as ClosedRange<Int32> { dup2(nothing, descriptor) }
        close(nothing)
    }

    private static func value(of option: String, in arguments: [String]) -> String? {
        guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else { return nil }
        return arguments[index + 1]
    }

    private static func stop(_ message: String, code: Int32) -> Never {
        let line = "kith keeper: \(message)\n"
        _ = line.withCString { write(2, $0, line.utf8.count) }
        exit(code)
    }
}

/// Hears of every child that ends, and has orphans reaped.
@OnLoop private final class OrphanWatch {
    private let bell: Int32
    private let loop: DescriptorLoop
    private let server: KeeperServer
    private var watch: DescriptorLoop.Watch?

    init(bell: Int32, loop: DescriptorLoop, server: KeeperServer) {
        self.bell = bell
        self.loop = loop
        self.server = server
    }

    func begin() throws(KithError) {
        watch = try loop.watch(bell, for: .readable) { [self] in heard() }
    }

    private func heard() {
        kith_silence_child_bell(bell)
        server.reapOrphans()
        if let watch { loop.arm(watch, for: .readable) }
    }
}
