import ArgumentParser
import KithAPI

/// `kith status`
struct StatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the daemon of this machine is.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetStatus(), view: Self.view)
    }

    /// The status as names and values.
    static func view(_ status: NodeStatus) -> String {
        var facts = Facts()
        facts.add("name", status.name.text)
        facts.add("id", status.id.checkedGroups)
        facts.add(
            "running",
            "for \(Measure.duration(seconds: status.uptime)) (process \(status.pid), version \(status.version))")
        facts.add(
            "listening",
            status.listening.isEmpty ? "nowhere" : status.listening.map(\.description).joined(separator: ", "))
        facts.add("started by", status.startedBy)
        facts.add("socket", status.socket)
        facts.add("data", status.dataFolder)
        facts.add("discovery", status.discovery)
        facts.add(
            "peers", status.peers == 0 ? "none yet; run `kith pair`" : "\(status.peersOnline) of \(status.peers) online"
        )
        facts.add("commands", status.running == 0 ? nil : "\(status.running) running")
        for warning in status.warnings { facts.add("warning", warning) }
        return facts.text
    }
}
