/// Asks which build of Kith runs, and from which files.
public struct GetBuild: Call {
    /// A request.
    public init() {}

    public typealias Reply = NodeBuild
    public static var name: String { "node.build" }
    public static var summary: String { "Say which build of Kith runs, and from which files." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: GetBuild { GetBuild() }
}

/// Which programs a node runs.
public struct NodeBuild: Described, Equatable {
    /// The version of its daemon.
    public var version: String
    /// The versions of the protocol between nodes that it speaks, as ``ProtocolRange/text``.
    public var protocols: String
    /// The daemon.
    public var daemon: ProgramBuild
    /// The keeper of jobs; nil where none runs.
    public var keeper: ProgramBuild?

    /// A build from its parts.
    public init(version: String, protocols: String, daemon: ProgramBuild, keeper: ProgramBuild? = nil) {
        (self.version, self.protocols, self.daemon, self.keeper) = (version, protocols, daemon, keeper)
    }

    public static var parameters: [Parameter] {
        [
            Parameter("version", \Self.version, "The version of its daemon."),
            Parameter("protocols", \Self.protocols, "The versions of the protocol that it speaks: `1`, or `1-3`."),
            Parameter("daemon", \Self.daemon, "The daemon."),
            Parameter("keeper", \Self.keeper, "The keeper of jobs, if one runs."),
        ]
    }
}

/// A program that runs.
public struct ProgramBuild: Described, Equatable {
    /// Its process.
    public var pid: Int
    /// Where its file was when it started.
    public var path: String
    /// What the linker called this build; empty if it did not.
    public var build: String

    /// A program from its parts.
    public init(pid: Int, path: String, build: String) {
        (self.pid, self.path, self.build) = (pid, path, build)
    }

    public static var parameters: [Parameter] {
        [
            Parameter("pid", \Self.pid, "Its process."),
            Parameter("path", \Self.path, "Where its file was when it started."),
            Parameter("build", \Self.build, "What the linker called this build; empty if it did not."),
        ]
    }
}
