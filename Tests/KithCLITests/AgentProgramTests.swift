import KithAPI
import Testing

@testable import KithCLI

struct AgentProgramTests {
    private static let entry = AgentEntry(name: "kith", program: "/opt/kith", words: ["mcp", "serve"])

    @Test(
        arguments: [
            (AgentProgram.claude, "mcp add --scope user kith -- /opt/kith mcp serve"),
            (.codex, "mcp add kith -- /opt/kith mcp serve"), (.gemini, "mcp add --scope user kith /opt/kith mcp serve"),
        ])
    func `an agent with a command of its own is told by it, at user scope`(agent: AgentProgram, line: String) {
        #expect(agent.addition(Self.entry)?.joined(separator: " ") == line)
    }

    @Test func `an editor is told in its file`() {
        let environment = ["HOME": "/home/ada"]
        #expect(AgentProgram.cursor.file(environment) == "/home/ada/.cursor/mcp.json")
        #expect(
            AgentProgram.cursor.json(Self.entry)
                == .object(["command": "/opt/kith", "args": .array(["mcp", "serve"])]))
        #expect(
            AgentProgram.opencode.json(Self.entry)
                == .object([
                    "type": "local", "command": .array(["/opt/kith", "mcp", "serve"]), "enabled": true,
                ]))
    }
}
