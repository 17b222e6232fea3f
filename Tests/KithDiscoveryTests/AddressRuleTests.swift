import Testing

@testable import KithDiscovery

struct AddressRuleTests {
    @Test(arguments: ["192.168.1.7", "10.0.0.1", "169.254.3.4", "203.0.113.9", "fd00::7", "2001:db8::1"])
    func `an ordinary address is dialled as it is`(literal: String) {
        #expect(AddressRule.host(literal, on: "eth0") == literal)
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "224.0.0.251", "239.255.255.250", "255.255.255.255", "240.0.0.1",
        "169.254.169.254", "169.254.170.2", "fd00:ec2::254",
        "::", "ff02::fb", "::ffff:192.168.1.7", "::ffff:127.0.0.1", "::7f00:1",
        "", "studio", "studio.local", "1.2.3", "1.2.3.4.5", "fe80::1%eth1", "127.1", "0x7f000001",
    ])
    func `what must not be dialled is dropped`(literal: String) {
        #expect(AddressRule.host(literal, on: "eth0") == nil)
        #expect(AddressRule.host(literal, on: "lo") == nil)
    }

    @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1"])
    func `a loopback address counts only on loopback itself`(literal: String) {
        #expect(AddressRule.host(literal, on: "lo") == literal)
        #expect(AddressRule.host(literal, on: "eth0") == nil)
        #expect(AddressRule.host(literal, on: "") == nil)
    }

    @Test func `an IPv6 link-local address keeps its interface, and without one it is dropped`() {
        #expect(AddressRule.host("fe80::1", on: "eth0") == "fe80::1%eth0")
        #expect(AddressRule.host("fe80::1", on: "") == nil)
    }
}
