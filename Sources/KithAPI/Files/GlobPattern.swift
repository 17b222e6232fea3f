/// One name of a path in which `*`, `?` and `[…]` stand for characters, as in a shell. Pure.
///
/// `*` is any run of bytes, `?` one character, `[a-z]` one of a list, `[!a-z]` one that is not; a backslash takes the
/// next character as it is. A leading dot is matched by a dot only. Names are bytes; a character is UTF-8, or one byte.
public struct GlobPattern: Sendable, Equatable {
    private enum Piece: Equatable {
        case run
        case one
        case list([ClosedRange<UInt8>], isNegated: Bool)
        case byte(UInt8)
    }

    private let pieces: [Piece]
    /// Whether anything in it stands for something else.
    public let isMagic: Bool

    /// Reads `name`. A bracket that is never closed stands for itself.
    public init(_ name: some Collection<UInt8>) {
        var pieces: [Piece] = []
        var rest = Array(name)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): if pieces.last != .run { pieces.append(.run) }
            case UInt8(ascii: "?"): pieces.append(.one)
            case UInt8(ascii: "["): pieces.append(Self.list(&rest) ?? .byte(byte))
            case UInt8(ascii: "\\"): pieces.append(.byte(rest.popFirst() ?? byte))
            default: pieces.append(.byte(byte))
            }
        }
        self.pieces = pieces
        isMagic = pieces.contains { if case .byte = $0 { false } else { true } }
    }

    /// Whether any name in `path` is a pattern.
    public static func isMagic(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).contains { GlobPattern($0).isMagic }
    }

    private static func list(_ rest: inout ArraySlice<UInt8>) -> Piece? {
        var inside = rest
        let isNegated = inside.first == UInt8(ascii: "!") || inside.first == UInt8(ascii: "^")
        if isNegated { inside.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = inside.popFirst() {
            if low == UInt8(ascii: "]"), !ranges.isEmpty {
                rest = inside
                return .list(ranges, isNegated: isNegated)
            }
            ranges.append(range(from: low, &inside))
        }
        return nil
    }

    private static func range(from low: UInt8, _ inside: inout ArraySlice<UInt8>) -> ClosedRange<UInt8> {
        guard inside.first == UInt8(ascii: "-"), let high = inside.dropFirst().first, high != UInt8(ascii: "]") else {
            return low...low
        }
        inside.removeFirst(2)
        return min(low, high)...max(low, high)
    }

    /// Whether `name` is one that the pattern means. Time grows with the product of both lengths at most.
    public func matches(_ name: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: "."), pieces.first != .byte(UInt8(ascii: ".")) { return false }
        var (piece, place) = (0, 0)
        var retry: (piece: Int, place: Int)?
        while place < name.count {
            if piece < pieces.count, pieces[piece] == .run {
                retry = (piece + 1, place)
                piece += 1
            } else if piece < pieces.count, let width = width(of: pieces[piece], in: name, at: place) {
                (piece, place) = (piece + 1, place + width)
            } else if let last = retry {
                retry = (last.piece, last.place + 1)
                (piece, place) = (last.piece, last.place + 1)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { $0 == .run }
    }

    /// How many bytes `piece` takes at `place`; nil if it does not fit.
    private func width(of piece: Piece, in name: [UInt8], at place: Int) -> Int? {
        let byte = name[place]
        switch piece {
        case .run: return nil
        case .byte(let wanted): return byte == wanted ? 1 : nil
        case .list(let ranges, let isNegated):
            guard ranges.contains(where: { $0.contains(byte) }) != isNegated else { return nil }
            return isNegated ? Self.characterWidth(name, place) : 1
        case .one: return Self.characterWidth(name, place)
        }
    }

    private static func characterWidth(_ name: [UInt8], _ place: Int) -> Int {
        let wanted = [(0xC2...0xDF, 2), (0xE0...0xEF, 3), (0xF0...0xF4, 4)].first { $0.0.contains(Int(name[place])) }
        guard let width = wanted?.1, place + width <= name.count else { return 1 }
        return name[(place + 1)..<(place + width)].allSatisfy { $0 & 0xC0 == 0x80 } ? width : 1
    }
}
