import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith approvals`
struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "The requests of peers that wait for your word.",
        discussion: """
            A rule given with `kith peers grant PEER --ask exec=make` holds the request until it is approved here, at \
            most two minutes. An approval is for exactly that request, once.

            Examples:
              kith approvals
              kith approvals approve ambswy3dpeblw
              kith approvals list --follow
            """,
        subcommands: [ApprovalsListCommand.self, ApproveCommand.self, DenyCommand.self],
        defaultSubcommand: ApprovalsListCommand.self)
}

/// `kith approvals list`
struct ApprovalsListCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show what waits.")

    @Flag(name: .shortAndLong, help: "Stay, and show what is asked and how it is settled.")
    var follow = false

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        if follow { return try await session.show(FollowApprovals(), on: place.target) { Self.line($0) } }
        try await session.show(ListApprovals(), on: place.target) { reply in
            reply.approvals.isEmpty ? "Nothing waits." : reply.approvals.map(Self.text).joined(separator: "\n\n")
        }
    }

    /// Everything that the word is given for.
    static func text(_ approval: Approval) -> String {
        var facts = Facts()
        facts.add(approval.approvalID, "\(approval.peer) wants to run: \(approval.title)")
        facts.add("program", approval.program)
        facts.add("folder", approval.folder)
        for (name, value) in approval.environment.sorted(by: { $0.key < $1.key }) {
            facts.add("with", "\(name)=\(value)")
        }
        facts.add("input", input(of: approval))
        return facts.text
    }

    /// What it would read.
    static func input(of approval: Approval) -> String {
        guard let staysOpen = approval.inputStaysOpen else { return "not told by this node" }
        let given = approval.inputDigest.map { "\(approval.inputSize ?? 0) bytes, sha256 \($0)" }
        let parts = [given, staysOpen ? "stays open, whatever comes" : nil].compactMap { $0 }
        return parts.isEmpty ? "none" : parts.joined(separator: ", then ")
    }

    /// One change on one line.
    static func line(_ approval: Approval) -> String {
        let state = Columns.pad(approval.state.rawValue, to: 9)
        return Columns.line(
            [approval.approvalID, state, approval.peer.text, approval.title].map(\.escaped), within: nil)
    }
}

/// `kith approvals approve`
struct ApproveCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "approve", abstract: "Let a request run, once.")

    @Argument(help: "Its id, or the beginning of it.", completion: .approvals)
    var approval: String

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws { try await ApprovalWord(place: place, common: common).decide(approval, approves: true) }
}

/// `kith approvals deny`
struct DenyCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "deny", abstract: "Refuse a request.")

    @Argument(help: "Its id, or the beginning of it.", completion: .approvals)
    var approval: String

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws { try await ApprovalWord(place: place, common: common).decide(approval, approves: false) }
}

/// An answer to a request that people name by the beginning of its id.
struct ApprovalWord {
    let place: TargetOptions
    let common: GlobalOptions

    func decide(_ word: String, approves: Bool) async throws {
        let session = try common.session()
        let waiting = try await session.client.call(ListApprovals(), on: place.target).approvals.map(\.approvalID)
        let named = waiting.filter { $0.hasPrefix(word) }
        guard named.count < 2 else {
            throw KithError(.conflict, "\(named.count) requests begin with `\(word)`.", hint: "Give more of the id.")
        }
        let request = DecideApproval(approvalID: named.first ?? word, approves: approves)
        try await session.show(request, on: place.target) { "\($0.title.escaped): \($0.state.rawValue)" }
    }
}
