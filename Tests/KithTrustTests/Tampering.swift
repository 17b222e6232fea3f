@testable import KithTrust

/// Changes frames in flight.
enum Tampering {
    /// The frame with one field of its message changed.
    static func edit(_ frame: [UInt8], _ suite: PairingSuite = .x25519, _ change: (inout PairingMessage) -> Void)
        -> [UInt8]
    {
        guard var message = PairingMessage(Array(frame.dropFirst(2)), suite: suite) else { return frame }
        change(&message)
        return PairingFrames.frame(message.encoded)
    }

    /// The frame with one to three bytes changed, inserted or left out somewhere.
    static func mutate(_ frame: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = frame
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
            case 1: bytes.remove(at: place)
            default: bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
            }
        }
        return bytes
    }
}

extension PairingMessage {
    mutating func hello(_ change: (inout PairingHello) -> Void) {
        guard case .hello(var hello) = self else { return }
        change(&hello)
        self = .hello(hello)
    }

    mutating func offer(_ change: (inout PairingOffer) -> Void) {
        guard case .offer(var offer) = self else { return }
        change(&offer)
        self = .offer(offer)
    }

    mutating func open(_ change: (inout PairingOpen) -> Void) {
        guard case .open(var open) = self else { return }
        change(&open)
        self = .open(open)
    }
}
