import Foundation
import Glibc
import KithAPI

/// Whether this node is found on the network, and if not, whose fault that is.
struct DiscoveryCheck: Sendable {
    /// What the daemon says: `available`, `switched off`, or why it is not.
    let state: String
    var bus = Self.busPath(ProcessInfo.processInfo.environment)

    func findings() -> [Finding] {
        if state == "available" { return [Finding("avahi", .ok, "Announcing and looking.")] }
        if state == "switched off" { return [Finding("avahi", .ok, "Switched off in the configuration.")] }
        guard let bus, !Self.answers(bus) else { return [avahi] }
        return [
            Finding(
                "dbus", .warning, "Nobody listens at \(bus), where avahi is asked.", remedy: "sudo systemctl start dbus"
            ),
            avahi,
        ]
    }

    private var avahi: Finding {
        Finding(
            "avahi", .warning, state,
            remedy: "sudo systemctl start avahi-daemon  # Or give addresses by hand: kith pair HOST")
    }

    /// The socket of the system's bus; nil where its address is none.
    static func busPath(_ environment: [String: String]) -> String? {
        guard let address = environment["DBUS_SYSTEM_BUS_ADDRESS"] else { return "/run/dbus/system_bus_socket" }
        guard address.hasPrefix("unix:path=") else { return nil }
        return String(address.dropFirst("unix:path=".count).prefix { $0 != "," && $0 != ";" })
    }

    private static func answers(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
