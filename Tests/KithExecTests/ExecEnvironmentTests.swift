import Glibc
import KithExec
import Testing

@Suite struct ExecEnvironmentTests {
    @Test func `the login environment takes the search path and the language, and nothing else`() throws {
        let start = [
            "PATH": "/opt/bin:relative::/bin", "LANG": "de_CH.UTF-8", "SECRET": "x", "LD_PRELOAD": "/x.so",
            "HOME": "/elsewhere",
        ]
        let environment = try ExecEnvironment.login(startedWith: start)
        #expect(environment.path == ["/opt/bin", "/bin"])
        #expect(environment.variables["PATH"] == "/opt/bin:/bin")
        #expect(environment.variables["LANG"] == "de_CH.UTF-8")
        #expect(environment.variables["HOME"] == environment.home)
        #expect(environment.home != "/elsewhere")
        #expect(environment.variables.keys.sorted() == ["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "USER"])
    }

    @Test(arguments: [[:], ["PATH": ""], ["PATH": "relative"]])
    func `without a search path the usual one is taken`(start: [String: String]) throws {
        let path = try ExecEnvironment.login(startedWith: start).path
        #expect(path.suffix(3) == ["/usr/local/bin", "/usr/bin", "/bin"])
        #expect(path.contains("/usr/sbin") == (getuid() == 0))
    }
}
