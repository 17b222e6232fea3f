import NIOCore

/// The addresses of this machine.
enum NetworkInterfaces {
    /// Every address that another machine could use; loopback only if there is nothing else.
    static var addresses: [String] {
        let all = ((try? System.enumerateDevices()) ?? []).compactMap { $0.address?.ipAddress }
            .filter { !$0.hasPrefix("fe80") && !$0.contains("%") }
        let outside = all.filter { !$0.hasPrefix("127.") && $0 != "::1" }
        return outside.isEmpty ? all : outside
    }
}
