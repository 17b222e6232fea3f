/// Cuts the bytes of a pairing channel into messages: a length of two bytes, then so many bytes.
struct PairingFrames {
    /// The longest message, type byte and body.
    static let maximumFrame = 4_096
    /// The most that one side may send in a session.
    static let maximumSession = 16_384

    private var buffer: [UInt8] = []
    private var total = 0

    /// `message` with its length in front.
    static func frame(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8 & 255), UInt8(message.count & 255)] + message
    }

    /// Takes what came; false if it is more than a session may hold.
    mutating func append(_ bytes: [UInt8]) -> Bool {
        total += bytes.count
        guard total <= Self.maximumSession else { return false }
        buffer += bytes
        return true
    }

    /// The next whole message, or that there is none yet, or that there will never be one.
    mutating func next() -> Step {
        guard buffer.count >= 2 else { return .incomplete }
        let length = Int(buffer[0]) << 8 | Int(buffer[1])
        guard (1...Self.maximumFrame).contains(length) else { return .malformed }
        guard buffer.count >= 2 + length else { return .incomplete }
        let message = Array(buffer[2..<2 + length])
        buffer.removeFirst(2 + length)
        return .message(message)
    }

    enum Step: Equatable {
        case message([UInt8])
        case incomplete
        case malformed
    }
}
