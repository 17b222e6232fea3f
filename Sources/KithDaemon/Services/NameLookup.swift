import Dispatch
import Glibc

/// Asks the system's resolver, which may take its time, beside the pool of tasks.
enum NameLookup {
    private static let queue = DispatchQueue(label: "kith.names", attributes: .concurrent)

    /// Whether `host` is an address or a name that has one.
    static func knows(_ host: String) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: look(up: host)) }
        }
    }

    private static func look(up host: String) -> Bool {
        var found: UnsafeMutablePointer<addrinfo>?
        defer { if let found { freeaddrinfo(found) } }
        return getaddrinfo(host, nil, nil, &found) == 0
    }
}
