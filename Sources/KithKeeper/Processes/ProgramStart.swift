import CLinux
import Glibc

/// Starts a program of our own that is no job: nobody's commands, and none that a keeper holds.
public enum ProgramStart {
    /// Starts `words`, the path of the program first, in a session of its own below `/`, reading nothing.
    ///
    /// - Returns: its process id and a pidfd, which the caller closes.
    /// - Throws: ``LaunchFailure`` where the kernel refuses.
    public static func run(
        _ words: [String], environment: [String: String], output: Int32, error: Int32
    ) throws(LaunchFailure) -> (id: Int32, handle: Int32) {
        var started: (id: pid_t, handle: Int32) = (0, -1)
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" })
        let failure = CStrings(words).withPointers { arguments in
            variables.withPointers { environment in
                "/".withCString { folder in
                    var request = kith_spawn_request()
                    (request.program, request.arguments) = (
                        arguments.flatMap { $0[0].map { UnsafePointer($0) } }, arguments
                    )
                    (request.environment, request.folder, request.input) = (environment, folder, -1)
                    (request.output, request.error) = (output, error)
                    request.open_files = UInt(OpenFiles.usual)
                    return kith_spawn(&request, &started.id, &started.handle)
                }
            }
        }
        guard failure == 0 else { throw LaunchFailure(number: failure) }
        return started
    }
}
