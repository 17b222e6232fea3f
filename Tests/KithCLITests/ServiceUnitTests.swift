import Foundation
import KithAPI
import Testing

@testable import KithCLI

/// What stands in the files by which a daemon starts by itself, for homes and programs of any name.
struct ServiceUnitTests {
    private func unit(_ programs: String, _ environment: [String: String] = [:]) -> ServiceUnit {
        ServiceUnit(programs: programs, environment: environment, systemd: 252)
    }

    private func lines(_ text: String, _ word: String) -> [Substring] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(word) }
    }

    @Test func `a dollar is doubled nowhere, a percent sign everywhere`() throws {
        let unit = unit("/opt/a $b%c", ["KITH_HOME": "/home/$a%b"])
        try unit.check()
        #expect(lines(unit.text, "ExecStart=") == ["ExecStart=\"/opt/a $b%%c/kithd\" run"])
        #expect(lines(unit.text, "Environment=") == ["Environment=\"KITH_HOME=/home/$a%%b\""])
    }

    @Test func `a quote is one, whatever is combined with it`() {
        let text = unit("/opt", ["KITH_HOME": "/k\"\u{301}z"]).text
        #expect(lines(text, "Environment=") == ["Environment=\"KITH_HOME=/k\\\"\u{301}z\""])
        let entry = AutostartEntry(program: "/opt/kith", home: "/k\"\u{301}z").text
        #expect(lines(entry, "Exec=").first?.hasSuffix("\"/k\\\\\"\u{301}z\"") == true)
    }

    @Test(arguments: ["/a\nb", "/a\r\nExecStartPre=b", "/a\rb", "/a\u{7F}"])
    func `what would end a line is refused`(home: String) {
        let refused = #expect(throws: KithError.self) { try unit("/opt", ["KITH_HOME": home]).check() }
        #expect(refused?.code == .configInvalid)
        #expect(throws: KithError.self) { try unit(home).check() }
        #expect(throws: KithError.self) { try AutostartEntry(program: "/opt/kith", home: home).check() }
    }

    @Test(arguments: ["/a\"b", "/a'b", "/a\\b"])
    func `a program that systemd would not start is refused`(programs: String) {
        #expect(throws: KithError.self) { try unit(programs).check() }
    }

    @Test func `an empty variable is none, and a slash at the end of a home says nothing`() {
        let place = ServicePlace(["HOME": "/home/ann", "XDG_CONFIG_HOME": "", "KITH_HOME": ""])
        #expect(place.autostartFile == "/home/ann/.config/autostart/kith.desktop")
        #expect(place.unitFile == "/home/ann/.config/systemd/user/kith.service")
        let homes = ["/k", "/k/", "/k//"].map { ServicePlace(["HOME": "/home/ann", "KITH_HOME": $0]).unit }
        #expect(Set(homes).count == 1)
    }
}
