import FoundationEssentials

/// Bytes as text that JSON can carry.
enum Data64 {
    /// The bytes in base 64.
    static func text(of bytes: ArraySlice<UInt8>) -> String { Data(bytes).base64EncodedString() }
}
