import KithAPI

/// Offers a person at a terminal to register Kith with the agents that are here and do not know it.
struct AgentOffer {
    let home: String?
    /// Whether the answer was given already.
    var isAccepted = false

    /// Asks once, for all of them; without a person there is nothing to ask.
    func make() async throws {
        let isPersonThere = Descriptor.standardInput.isTerminal && Descriptor.standardError.isTerminal
        guard isAccepted || isPersonThere else { return }
        let new = try await strangers()
        guard !new.isEmpty else { return }
        if !isAccepted { guard try await ask(new) else { return } }
        let output = Output(format: .people)
        for registration in new {
            try await registration.add(from: .missing)
            output.note("\(registration.title) knows Kith now. Restart it.")
        }
    }

    private func ask(_ new: [Registration]) async throws -> Bool {
        let names = new.map(\.title).joined(separator: ", ")
        try Descriptor.standardError.write(Array("May \(names) use your machines through Kith? [y/N] ".utf8))
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
