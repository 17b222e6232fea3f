import KithAPI

/// Offers a person at a terminal to register Kith with the agents that are here and do not know it.
struct AgentOffer {
    private let home: String?
    private let isAccepted: Bool
    private let output: Output

    /// - Parameter isAccepted: whether the person has agreed already.
    init(home: String?, isAccepted: Bool, _ output: Output) {
        (self.home, self.isAccepted, self.output) = (home, isAccepted, output)
    }

    /// Asks once, for all of them; without a person there is nothing to ask.
    func make() async throws {
        guard isAccepted || (Descriptor.standardInput.isTerminal && Descriptor.standardError.isTerminal) else { return }
        let new = try await strangers()
        guard !new.isEmpty else { return }
        let names = new.map(\.title).joined(separator: ", ")
        guard try await isAgreed("May \(names) use your machines through Kith? [y/N] ") else { return }
        for registration in new {
            try await registration.add(from: .missing)
            output.note("\(registration.title) knows Kith now. Restart it.")
        }
    }

    private func isAgreed(_ question: String) async throws -> Bool {
        if isAccepted { return true }
        try Descriptor.standardError.write(Array(question.utf8))
        let answer = await StandardInput(descriptor: Descriptor.standardInput.rawValue).line()?.lowercased()
        return answer == "y" || answer == "yes"
    }

    private func strangers() async throws -> [Registration] {
        let options = try MCPNodeOptions.parse([])
        let entry = AgentEntry(
            name: AgentEntry.usualName, program: try MCPTargetOptions.ownPath(),
            words: options.words(home: home, confirming: false))
        var found: [Registration] = []
        for agent in AgentProgram.allCases {
            let registration = Registration(
                place: .agent(agent), entry: entry, environment: ProcessEnvironment.variables)
            // A file that cannot be read is no reason to fail an init.
            if (try? await registration.state()) == .missing { found.append(registration) }
        }
        return found
    }
}
