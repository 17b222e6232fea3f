import KithAPI

/// Writes the compact form of records: numbers as zigzag varints, bytes after their length.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    mutating func put(byte: UInt8) { bytes.append(byte) }

    mutating func put(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number) << 1 ^ Int64(number) >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Bytes whose length the reader knows.
    mutating func put(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    mutating func put(_ blob: [UInt8]) {
        put(blob.count)
        bytes.append(contentsOf: blob)
    }

    mutating func put(_ error: KithError) {
        put((try? JSON.encode(error)) ?? [])
    }
}
