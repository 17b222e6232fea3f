import KithAPI

/// Reads the compact form of records from the payload of a frame. Whatever the bytes are, it reads or throws.
struct RecordReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() throws(KithError) -> UInt8 {
        guard place < bytes.count else { throw Self.violation }
        place += 1
        return bytes[place - 1]
    }

    mutating func number() throws(KithError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw Self.violation }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)) }
        }
        throw Self.violation
    }

    /// A number from 0 to ``ByteCount/largest``.
    mutating func count() throws(KithError) -> Int {
        let value = try number()
        guard (0...ByteCount.largest).contains(value) else { throw Self.violation }
        return value
    }

    mutating func raw(_ count: Int) throws(KithError) -> [UInt8] {
        guard count >= 0, count <= bytes.count - place else { throw Self.violation }
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    mutating func blob() throws(KithError) -> [UInt8] { try raw(try count()) }

    mutating func digest() throws(KithError) -> [UInt8] { try raw(32) }

    mutating func text() throws(KithError) -> String { String(decoding: try blob(), as: UTF8.self) }

    mutating func error() throws(KithError) -> KithError {
        guard let error = try? Frame(.event, try blob()).decode(KithError.self) else { throw Self.violation }
        return error
    }

    static var violation: KithError {
        KithError(
            .protocolViolation, "The other side sent a record that cannot be read.",
            hint: "Check that both sides run a current Kith.")
    }
}
