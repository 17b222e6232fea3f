import FoundationEssentials
import Glibc
import KithAPI
import KithKeeper

/// A keeper for tests and benchmarks, and what they let it do:
///
///     KeeperTrial keeper --folder DIR              as `kith keeper`
///     KeeperTrial confine …                        as `kith confine`
///     KeeperTrial start DIR LINE                   starts a detached job, says its id, and waits to be killed
///     KeeperTrial spawn DIR ROUNDS                 microseconds of `true`: here, and through a keeper
///     KeeperTrial flow DIR MIB                     MB/s through a leading follower
///     KeeperTrial hold DIR COUNT                   KiB of private memory of a keeper of so many jobs
@main
struct KeeperTrial {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.first == "keeper" { KeeperProgram.run(Array(words.dropFirst())) }
        if words.first == Confinement.command { exit(ConfineProgram.run(Array(words.dropFirst()))) }
        guard words.count == 3 else { exit(64) }
        let trial = try Trial(folder: words[1])
        switch words[0] {
        case "start": try await trial.start(words[2])
        case "spawn": try await trial.spawn(rounds: Int(words[2]) ?? 100)
        case "flow": try await trial.flow(mebibytes: Int(words[2]) ?? 64)
        case "hold": try await trial.hold(count: Int(words[2]) ?? 100)
        default: exit(64)
        }
        await trial.client.close()
    }
}
