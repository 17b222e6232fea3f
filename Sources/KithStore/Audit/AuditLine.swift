import KithAPI

/// Writes a record as `JSON` would, byte for byte: keys sorted, slashes plain, no nulls. By hand, because whoever
/// changes something waits for it.
struct AuditLine {
    private(set) var bytes: [UInt8]

    /// The line of a record; `isSealed` puts its own hash in.
    init(_ record: AuditRecord, isSealed: Bool) {
        bytes = []
        bytes.reserveCapacity(512)
        add("{\"action\":", record.action)
        add(",\"caller\":", record.caller)
        add(record.details)
        if isSealed { add(",\"hash\":", record.hash) }
        bytes += ",\"number\":\(record.number)".utf8
        if let object = record.object { add(",\"object\":", object) }
        add(",\"previous\":", record.previous)
        add(",\"result\":", record.result)
        add(",\"time\":", record.time)
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func add(_ key: StaticString, _ value: String) {
        bytes += UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        add(value)
    }

    private mutating func add(_ details: [String: String]?) {
        guard let details else { return }
        bytes += ",\"details\":{".utf8
        let sorted = details.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (number, detail) in sorted.enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            add(detail.key)
            bytes.append(UInt8(ascii: ":"))
            add(detail.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func add(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes += Self.escape(byte)
            } else {
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x08: Array("\\b".utf8)
        case 0x09: Array("\\t".utf8)
        case 0x0A: Array("\\n".utf8)
        case 0x0C: Array("\\f".utf8)
        case 0x0D: Array("\\r".utf8)
        case 0x00..<0x20: Array((byte < 0x10 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
        default: [UInt8(ascii: "\\"), byte]
        }
    }
}
