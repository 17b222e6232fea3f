import KithAPI
import KithClient

/// A command that may ask another node: what is said of it has to name that node.
protocol Aimed {
    /// Which node it asks.
    var aim: KithClient.Target { get }
}

extension KithError {
    /// This error as it came from `target`: the commands in its hint go to that node as well.
    func told(by target: KithClient.Target) -> KithError {
        guard case .peer(let name) = target, let hint else { return self }
        var told = self
        let pieces = hint.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        let aimed = pieces.enumerated().map { $0.offset % 2 == 1 ? Self.aimed($0.element, at: name) : $0.element }
        told.hint = aimed.joined(separator: "`").replacing("; a job of a peer is named with `--on PEER`", with: "")
        return told
    }

    private static let commandsWithTarget = [
        "kith jobs", "kith wait", "kith kill", "kith attach", "kith shell list", "kith shell attach", "kith approvals",
    ]

    private static func aimed(_ command: String, at name: String) -> String {
        if command == "kith ls" { return "kith ls \(name)" }
        guard commandsWithTarget.contains(where: command.hasPrefix), !command.contains("--on ") else { return command }
        return command + " --on \(name)"
    }
}

extension ExecCommand: Aimed { var aim: KithClient.Target { .named(peer) } }
extension JobsCommand: Aimed { var aim: KithClient.Target { peer.map(KithClient.Target.named) ?? place.target } }
extension KillCommand: Aimed { var aim: KithClient.Target { place.target } }
extension WaitCommand: Aimed { var aim: KithClient.Target { place.target } }
extension AttachCommand: Aimed { var aim: KithClient.Target { place.target } }
extension LogsCommand: Aimed { var aim: KithClient.Target { place.target } }
extension ApproveCommand: Aimed { var aim: KithClient.Target { place.target } }
extension DenyCommand: Aimed { var aim: KithClient.Target { place.target } }
extension ShellOpenCommand: Aimed { var aim: KithClient.Target { peer.map(KithClient.Target.named) ?? .local } }
extension ShellAttachCommand: Aimed { var aim: KithClient.Target { target.target } }
extension SendCommand: Aimed { var aim: KithClient.Target { .named(peer) } }
extension PullCommand: Aimed { var aim: KithClient.Target { .named(peer) } }
extension ListFilesCommand: Aimed { var aim: KithClient.Target { .named(peer) } }
extension StatFileCommand: Aimed { var aim: KithClient.Target { .named(peer) } }
