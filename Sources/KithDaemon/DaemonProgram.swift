import CLinux
import Foundation
import Glibc
import KithAPI
import KithDiscovery
import KithKeeper
import KithTrust
import Logging
import UnixSignals

/// What `kithd` does with its arguments.
public enum DaemonProgram {
    /// Runs the program and ends the process with its exit code.
    public static func run(_ arguments: [String]) async {
        do {
            try await dispatch(Array(arguments.dropFirst()))
        } catch {
            let failure = KithError(wrapping: error)
            complain("kithd: \(failure.message)")
            if let hint = failure.hint { complain("  \(hint)") }
            exit(failure.code.exitCode)
        }
    }

    private static func dispatch(_ arguments: [String]) async throws {
        let environment = ProcessInfo.processInfo.environment
        switch arguments.first {
        case "run" where arguments.count == 1: try await serve(try Home(environment: environment))
        case "init": try initialize(try Home(environment: environment), Array(arguments.dropFirst()))
        case "check-config" where arguments.count == 1 || arguments[1...] == ["--json"]:
            try checkConfiguration(try Home(environment: environment), isJSON: arguments.count > 1)
        case "check-start" where arguments.count == 1: try Home(environment: environment).checkStart()
        case "examine" where arguments.count == 1:
            let doctor = HomeDoctor(home: try Home(environment: environment))
            try say(Diagnose.Reply(findings: await doctor.examine() + doctor.examineAlone()))
        case "mend" where arguments.count == 1:
            let home = try Home(environment: environment)
            try say(MendNode.Reply(findings: HomeModes(home: home).mend() + home.removeLeftovers()))
        case "--version" where arguments.count == 1: say("kithd \(Version.text)")
        default:
            complain(
                "usage: kithd run | init [--name NAME] | check-config [--json] | check-start | examine | mend | --version"
            )
            exit(64)
        }
    }

    private static func checkConfiguration(_ home: Home, isJSON: Bool) throws {
        let path = home.folders.configuration
        do {
            _ = try home.readConfiguration()
        } catch {
            if isJSON { try say(ErrorBody(KithError(wrapping: error))) }
            throw error
        }
        if isJSON { try say(["configuration": path]) } else { say("\(path): fine") }
    }

    private static func serve(_ home: Home) async throws {
        let notice = ServiceNotice(
            environment: ProcessInfo.processInfo.environment, process: ProcessInfo.processInfo.processIdentifier)
        ServiceNotice.forget()
        let isInstalled = EventLoopExecutor.install()
        kith_fit_memory()
        OpenFiles.raise()
        try home.checkStart()
        let configuration = try home.readConfiguration()
        let threshold = LogThreshold(configuration.logLevel)
        let logger = Logger.kith(threshold, to: try RotatingLog(folder: home.folders.logs))
        logger.log(
            level: isInstalled ? .info : .warning, "starting",
            metadata: ["tasks": isInstalled ? "on the event loops" : "in a pool of their own, which is slower"])
        var surroundings = Surroundings(logger: logger)
        surroundings.threshold = threshold
        surroundings.notice = notice
        surroundings.scope = ServiceScope.find(ProcessInfo.processInfo.environment, process: getpid())
        let daemon = try await Daemon(
            home: home, configuration: configuration,
            discovery: { configuration.discovery ? AvahiDiscovery(own: $0) as any Discovery : NoDiscovery() },
            surroundings: surroundings)
        tidyWhenReady(daemon, isWorker: home.descent != nil)
        let impatience = SecondSignal()
        defer { impatience.cancel() }
        try await daemon.run(stoppingOn: [.sigterm, .sigint])
    }

    /// When both doors are open: gives back what the start has needed, and tells the parent of a worker, which waits at
    /// our standard output, where the peer door is.
    private static func tidyWhenReady(_ daemon: Daemon, isWorker: Bool) {
        // A task of its own: a door that never opens ends the daemon, and this with it.
        Task {
            _ = await daemon.waitUntilReady()
            kith_return_memory()
            guard isWorker else { return }
            say("ready \(daemon.boundAddress?.description ?? "")")
            let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
            dup2(nothing, 1)
            close(nothing)
        }
    }

    private static func initialize(_ home: Home, _ arguments: [String]) throws {
        guard arguments.isEmpty || (arguments.count == 2 && arguments[0] == "--name") else {
            throw KithError(.requestInvalid, "usage: kithd init [--name NAME]")
        }
        guard let name = arguments.isEmpty ? Home.hostName : PeerName(arguments[1]) else {
            throw KithError(
                .requestInvalid, "`\(arguments[1])` cannot be a name.",
                hint: "Use up to 63 letters, digits, `.`, `_` or `-`.")
        }
        try home.prepare()
        let isNew = !FileManager.default.fileExists(atPath: home.identityFolder + "/key.pem")
        let chosen = try home.readConfiguration().name ?? name
        let identity = try Identity.loadOrCreate(in: home.identityFolder, name: chosen, now: Date())
        try home.writeConfiguration(name: chosen)
        say(
            String(
                decoding: try JSON.encode(
                    JSONValue.object([
                        "id": .string(identity.id.text), "name": .string(chosen.text), "created": .bool(isNew),
                        "configuration": .string(home.folders.configuration),
                    ])), as: UTF8.self))
    }

    private static func say(_ reply: some Encodable) throws {
        say(String(decoding: try JSON.encode(reply), as: UTF8.self))
    }

    private static func say(_ line: String) {
        LineOutput.write(line, to: STDOUT_FILENO)
    }

    private static func complain(_ line: String) {
        LineOutput.write(line, to: STDERR_FILENO)
    }
}

/// Ends the process at once on a second SIGTERM or SIGINT, however stuck it is.
private struct SecondSignal {
    private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "kith.signals")
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            let count = SignalCount()
            source.setEventHandler { if count.increment() > 1 { _exit(128 + number) } }
            source.resume()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
