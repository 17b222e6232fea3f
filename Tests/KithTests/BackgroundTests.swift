import Glibc
import Logging
import Synchronization
import Testing

@testable import KithDaemon

struct BackgroundTests {
    private struct DiskIsFull: Error {}

    @Test(.timeLimit(.minutes(1))) func `work that fails is begun again, and the daemon goes on`() async throws {
        let attempts = Mutex(0)
        let work = Background(
            name: "work", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, second: .zero
        ) {
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            if attempt < 5 { throw DiskIsFull() }
        }

        try await work.run()

        #expect(attempts.withLock { $0 } == 5)
    }

    @Test func `a line that nobody takes is dropped`() {
        LineOutput.write("no such descriptor", to: -1)
        let full = open("/dev/full", O_WRONLY)
        LineOutput.write("no room", to: full)
        #expect(close(full) == 0)
    }
}
