import CLinux
import KithAPI

/// What is installed: the programs on disk.
struct InstalledBuild: Codable, Equatable {
    /// A program's file.
    struct Program: Codable, Equatable {
        var path: String
        /// What the linker called this build; empty if it did not.
        var build: String

        init(_ path: String) {
            self.path = path
            var text = [CChar](repeating: 0, count: 129)
            let digits = kith_build_id(path, &text, Int32(text.count))
            build = String(decoding: text.prefix(Int(max(0, digits))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// As `kithd --version` says it.
    var version: String
    var daemon: Program
    /// The program `kith` beside it, which also holds the jobs.
    var kith: Program

    /// What the next start of a daemon would run.
    static func find() async throws -> InstalledBuild {
        let program = try DaemonProgram.find()
        let (output, code) = try await program.run(["--version"])
        let words = String(decoding: output.prefix(1_024), as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard code == 0, words.count == 2, words[0] == "kithd" else {
            throw KithError(
                .unavailable, "`\(program.path) --version` ended with code \(code) and does not say its version.",
                hint: "What is installed there is no whole `kithd`: install Kith again.")
        }
        return InstalledBuild(
            version: String(words[1]), daemon: Program(program.path),
            kith: Program(program.folder + "/kith"))
    }
}

/// What runs, held against what is installed.
struct UpdateReport: Codable, Equatable {
    var installed: InstalledBuild
    /// Nil where no daemon runs, or one that is too old to say.
    var running: NodeBuild?
    /// Whether the daemon is the installed one.
    var isDaemonCurrent: Bool
    /// Whether the keeper of jobs is the installed one, or none runs.
    var isKeeperCurrent: Bool

    init(installed: InstalledBuild, running: NodeBuild?) {
        (self.installed, self.running) = (installed, running)
        isDaemonCurrent = running?.daemon.build == installed.daemon.build
        isKeeperCurrent = running?.keeper.map { $0.build == installed.kith.build } ?? true
    }

    /// The report for people.
    var view: String {
        var facts = Facts()
        facts.add("installed", "\(installed.version), \(installed.daemon.path) (\(Self.short(installed.daemon.build)))")
        guard let running else {
            facts.add("running", "a daemon that is too old to say")
            return facts.text + "\nRun `kith restart`: jobs, messages and leases outlive it."
        }
        facts.add("running", "\(running.version), \(Self.words(running.daemon))")
        facts.add("keeper", running.keeper.map(Self.words))
        facts.add("protocol", running.protocols)
        return facts.text + "\n" + verdict
    }

    private var verdict: String {
        guard isDaemonCurrent else {
            return "Another build is installed. Run `kith restart`: jobs, messages and leases outlive it."
        }
        guard isKeeperCurrent else {
            return "The daemon is the installed one. The keeper of jobs is of another build, and is replaced when its "
                + "last job has ended."
        }
        return "What runs is what is installed."
    }

    private static func words(_ program: ProgramBuild) -> String {
        "\(program.path) (\(short(program.build)), process \(program.pid))"
    }

    /// The beginning of a build's id; people compare no more.
    private static func short(_ build: String) -> String { build.isEmpty ? "no build id" : String(build.prefix(12)) }
}
