/// Which characters the codes of a screen mean: four sets, and the one in use. Pure.
struct Charsets: Equatable, Sendable {
    /// The final byte that designated each of G0 to G3.
    private var sets: [UInt8] = Array(repeating: UInt8(ascii: "B"), count: 4)
    /// The set in use.
    var inUse = 0

    /// The intermediate bytes that designate G0 to G3.
    private static let intermediates = Array("()*+".utf8)
    /// The sets that libvterm has.
    private static let known = Set("0AB".utf8)

    /// Takes a designation; false if it is none that we know.
    mutating func designate(_ intermediate: UInt8, _ final: UInt8) -> Bool {
        guard let index = Self.intermediates.firstIndex(of: intermediate), Self.known.contains(final) else {
            return false
        }
        sets[index] = final
        return true
    }

    /// What makes any terminal use these.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for (set, intermediate) in zip(sets, Self.intermediates) { bytes += [0x1B, intermediate, set] }
        return bytes + ([[0x0F], [0x0E], [0x1B, 0x6E], [0x1B, 0x6F]] as [[UInt8]])[inUse]
    }
}

/// What `ESC 7` keeps and `ESC 8` brings back.
struct SavedCursor: Equatable, Sendable {
    var position = Position()
    var pen = Pen.usual
    var charsets = Charsets()
    /// Origin mode.
    var isRelative = false
}

/// A place on a screen, from 0.
struct Position: Equatable, Sendable {
    var row = 0
    var column = 0
}
