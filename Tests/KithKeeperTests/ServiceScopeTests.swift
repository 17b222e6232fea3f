import Glibc
import Testing

@testable import KithKeeper

/// That a user's systemd puts what it starts into scopes is shown by `scripts/package.d/try-service`, with a real one.
@Suite struct ServiceScopeTests {
    @Test(arguments: [
        [:], ["SYSTEMD_EXEC_PID": "\(getpid())"], ["SYSTEMD_EXEC_PID": "1", "XDG_RUNTIME_DIR": "/run/user/1000"],
        ["SYSTEMD_EXEC_PID": "\(getpid())", "XDG_RUNTIME_DIR": ""],
    ])
    func `who is no service of a user's systemd starts programs as they are`(environment: [String: String]) {
        let scope = ServiceScope.find(environment, process: getpid())
        #expect(scope == .none)
        #expect(scope.words(["/usr/bin/kith", "keeper"]) == ["/usr/bin/kith", "keeper"])
    }

    @Test func `a systemd that makes no scopes is done without`() {
        let environment = ["SYSTEMD_EXEC_PID": "\(getpid())", "XDG_RUNTIME_DIR": "/nonexistent"]
        #expect(ServiceScope.find(environment, process: getpid()) == .none)
    }
}
