import FoundationEssentials
import Glibc
import KithAPI
import KithExec
import Testing

/// What stays in this process after many commands; in a process of its own, where nothing else runs.
@Suite struct LeakTests {
    @Test func `200 commands leave no descriptor and no zombie`() async {
        await #expect(processExitsWith: .success) {
            try await ExecFixture.with(limits: .quick) { exec in
                _ = try await exec.service.run(RunCommand(command: ["true"]), from: .owner)
                let before = Self.descriptors()
                for index in 0..<200 { await Self.run(index, exec) }
                // The last connection to the keeper closes beside the answer.
                let deadline = ContinuousClock.now + .seconds(20)
                while Self.descriptors() != before || !Self.zombies().isEmpty || exec.service.runningCount > 0,
                    .now < deadline
                { await Task.yield() }
                #expect(Self.descriptors() == before)
                #expect(Self.zombies() == [])
                #expect(exec.service.runningCount == 0)
            }
        }
    }

    /// Commands of every kind, also such as fail.
    private static func run(_ index: Int, _ exec: ExecFixture) async {
        let requests = [
            RunCommand(command: ["true"]), RunCommand(command: ["cat"], stdin: "hello"),
            RunCommand(command: ["absent"]),
            RunCommand(command: ["/"]), RunCommand(shell: "exit 3"), RunCommand(command: ["true"], folder: "absent"),
            RunCommand(shell: "kill -9 $$"),
            RunCommand(command: ["head", "-c", "1"], stdin: String(repeating: "x", count: 1 << 18)),
            RunCommand(command: ["sleep", "100"], timeoutSeconds: 0.01),
            RunCommand(command: ["true", String(repeating: "x", count: 1 << 18)]),
        ]
        _ = try? await exec.service.run(requests[index % requests.count], from: .owner)
    }

    /// Open pipes and handles of processes; the runtime opens others of its own when it likes.
    private static func descriptors() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return all.compactMap { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            guard let target, target.contains("pipe:") || target.contains("pidfd") else { return nil }
            return "\(name) \(target)"
        }.sorted()
    }

    private static func zombies() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { name in
            guard Int(name) != nil, let data = try? Data(contentsOf: URL(filePath: "/proc/\(name)/stat")) else {
                return false
            }
            let rest = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            return rest.first == "Z" && rest.dropFirst().first == "\(getpid())"
        }
    }
}
