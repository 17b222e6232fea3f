/// A sequence that begins with `ESC [`: `leader numbers intermediate final`, as ECMA-48 has it. Pure.
struct ControlSequence: Equatable, Sendable {
    /// A number of the sequence and what follows it behind colons; nil where it was left out.
    struct Number: Equatable, Sendable {
        var value: Int?
        var parts: [Int?] = []
    }

    /// More numbers than this, or larger ones, are no sequence that we know; libvterm never sees it.
    static let numberLimit = 32
    /// The largest number.
    static let valueLimit = 99_999

    /// `<`, `=`, `>` or `?`; 0 for none.
    var leader: UInt8 = 0
    var numbers: [Number] = []
    /// The byte between numbers and final; 0 for none.
    var intermediate: UInt8 = 0
    var final: UInt8 = 0

    /// The sequence with this body: all behind `ESC [`; nil if it is beyond the limits.
    init?(_ body: ArraySlice<UInt8>) {
        var state = Reading()
        for byte in body where byte >= 0x20 {
            guard state.take(byte, &self) else { return nil }
        }
        guard final != 0 else { return nil }
    }

    /// The number at `index`, at least 1; 1 where it is left out.
    func count(_ index: Int = 0) -> Int { max(1, self[index] ?? 1) }

    /// The number at `index`; nil where it is left out.
    subscript(index: Int) -> Int? { index < numbers.count ? numbers[index].value : nil }

    /// Leader, intermediate and final as one value, to switch over.
    var kind: String {
        String(decoding: [leader, intermediate, final].filter { $0 != 0 }, as: UTF8.self)
    }
}

extension ControlSequence {
    /// Takes a sequence apart, a byte at a time.
    private struct Reading {
        private var isPart = false

        mutating func take(_ byte: UInt8, _ sequence: inout ControlSequence) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit(Int(byte) - 0x30, &sequence)
            case UInt8(ascii: ";"): return next(&sequence)
            case UInt8(ascii: ":"): return part(&sequence)
            case 0x3C...0x3F:
                guard sequence.numbers.isEmpty, sequence.leader == 0 else { return false }
                sequence.leader = byte
            case 0x20...0x2F:
                guard sequence.intermediate == 0 else { return false }
                sequence.intermediate = byte
            default: sequence.final = byte
            }
            return true
        }

        private func digit(_ digit: Int, _ sequence: inout ControlSequence) -> Bool {
            if sequence.numbers.isEmpty { sequence.numbers.append(Number()) }
            let last = sequence.numbers.count - 1
            if isPart {
                let part = sequence.numbers[last].parts.count - 1
                sequence.numbers[last].parts[part] = (sequence.numbers[last].parts[part] ?? 0) * 10 + digit
                return (sequence.numbers[last].parts[part] ?? 0) <= ControlSequence.valueLimit
            }
            sequence.numbers[last].value = (sequence.numbers[last].value ?? 0) * 10 + digit
            return (sequence.numbers[last].value ?? 0) <= ControlSequence.valueLimit
        }

        private mutating func next(_ sequence: inout ControlSequence) -> Bool {
            if sequence.numbers.isEmpty { sequence.numbers.append(Number()) }
            sequence.numbers.append(Number())
            isPart = false
            return sequence.numbers.count <= ControlSequence.numberLimit
        }

        private mutating func part(_ sequence: inout ControlSequence) -> Bool {
            if sequence.numbers.isEmpty { sequence.numbers.append(Number()) }
            let last = sequence.numbers.count - 1
            sequence.numbers[last].parts.append(nil)
            isPart = true
            return sequence.numbers[last].parts.count <= 8
        }
    }
}
