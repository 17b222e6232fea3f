import KithAPI

/// How a capability and a target stand in a path.
enum Question {
    /// `context.set` on a peer is asked at `/v1/peers/studio/context/set`.
    static func path(of name: String, on target: KithClient.Target) throws(KithError) -> String {
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count >= 2, words.allSatisfy(isWord) else {
            throw KithError(
                .capabilityUnknown, "`\(name)` is not the name of a capability.", hint: "See `kith call --list`.")
        }
        let path = words.joined(separator: "/")
        guard case .peer(let peer) = target else { return "/v1/" + path }
        guard !peer.isEmpty else { throw KithError(.requestInvalid, "The name of the peer is empty.") }
        return "/v1/peers/\(encode(peer))/\(path)"
    }

    private static func isWord(_ word: Substring) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { isPlain($0) && $0 != UInt8(ascii: "~") }
    }

    /// Percent-encodes all but unreserved characters; a name of dots alone must not become a path segment.
    private static func encode(_ name: String) -> String {
        let isDots = name.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        return name.utf8.map { byte in
            isPlain(byte) || (byte == UInt8(ascii: ".") && !isDots)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
