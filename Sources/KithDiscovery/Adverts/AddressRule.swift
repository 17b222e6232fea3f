import Glibc

/// Which announced addresses may be dialled: a rogue publisher must not make us knock on this machine's
/// own doors, on a cloud's metadata service, or at everybody's.
enum AddressRule {
    /// The host to dial for an announced literal address, or nil if it must not be dialled.
    /// - Parameter interface: the name of the interface on which it was announced.
    static func host(_ literal: String, on interface: String) -> String? {
        if let bytes = bytes(of: literal, family: AF_INET, count: 4) {
            return admitsIPv4(bytes, on: interface) ? literal : nil
        }
        guard let bytes = bytes(of: literal, family: AF_INET6, count: 16), admitsIPv6(bytes, on: interface) else {
            return nil
        }
        guard isLinkLocal(bytes) else { return literal }
        // Without its interface such an address leads nowhere.
        return interface.isEmpty ? nil : "\(literal)%\(interface)"
    }

    private static func bytes(of literal: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, literal, &bytes) == 1 ? bytes : nil
    }

    private static func admitsIPv4(_ bytes: [UInt8], on interface: String) -> Bool {
        switch bytes[0] {
        case 0: false
        case 127: interface == loopback
        case 224...: false  // multicast, reserved, broadcast
        default: !metadata.contains(bytes)
        }
    }

    private static func admitsIPv6(_ bytes: [UInt8], on interface: String) -> Bool {
        if bytes == [UInt8](repeating: 0, count: 15) + [1] { return interface == loopback }
        let isUnspecifiedOrCompatible = bytes[..<12].allSatisfy { $0 == 0 }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        let isMulticast = bytes[0] == 0xFF
        return !isUnspecifiedOrCompatible && !isMapped && !isMulticast && !metadata.contains(bytes)
    }

    private static func isLinkLocal(_ bytes: [UInt8]) -> Bool { bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 }

    private static let loopback = "lo"

    /// 169.254.169.254, 169.254.170.2 and fd00:ec2::254, where clouds give credentials to whoever asks.
    private static let metadata: Set<[UInt8]> = [
        [169, 254, 169, 254],
        [169, 254, 170, 2],
        [0xFD, 0, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
    ]
}
