/// What a program has switched on or off in its terminal, beside what it drew. Pure.
///
/// libvterm answers for some of these only, so all of them are kept here.
struct Modes: Equatable, Sendable {
    /// Private modes (`CSI ? … h`) that a terminal is told when it is restored, and whether each is on at first.
    /// Not among them: the alternate screen, which is a screen; saving the cursor, which is an act; and
    /// synchronized updates, which end by themselves.
    static let known: [Int: Bool] = [
        1: false, 5: false, 6: false, 7: true, 9: false, 12: false, 25: true, 45: false, 66: false, 69: false,
        1000: false, 1002: false, 1003: false, 1004: false, 1005: false, 1006: false, 1007: false, 1015: false,
        1016: false, 2004: false, 2031: false, 2048: false,
    ]

    /// How mice are followed, and how they are told of: setting one ends the others of its kind.
    private static let exclusive: [Set<Int>] = [[9, 1000, 1002, 1003], [1005, 1006, 1015, 1016]]

    /// Those that are not as they are at first.
    private(set) var changed: Set<Int> = []
    /// Insert mode (IRM).
    var inserts = false
    /// New line mode (LNM).
    var feedsNewLine = false
    /// The shape of the cursor, as DECSCUSR has it; 0 for the terminal's own.
    var cursorShape = 0
    /// xterm's modifyOtherKeys; 0 for off.
    var otherKeys = 0
    /// The flags of kitty's keyboard protocol, the current ones last; at most 16.
    var keyboard: [Int] = []

    /// Whether private mode `number` is on.
    subscript(number: Int) -> Bool {
        get { (Self.known[number] ?? false) != changed.contains(number) }
        set {
            guard let first = Self.known[number] else { return }
            if newValue != first { changed.insert(number) } else { changed.remove(number) }
            exclude(number, whenOff: !newValue)
        }
    }

    /// As after a soft reset (DECSTR).
    mutating func softReset() {
        for number in [1, 6, 7, 25, 45, 66, 69] { self[number] = Self.known[number] ?? false }
        inserts = false
    }

    /// Of the mice, each one's end is every one's.
    private mutating func exclude(_ number: Int, whenOff: Bool) {
        for group in Self.exclusive where group.contains(number) && (!whenOff || group.contains(1000)) {
            changed.subtract(group.subtracting([number]))
        }
    }

    // MARK: Keyboards

    /// `CSI > flags u`
    mutating func pushKeyboard(_ flags: Int) {
        keyboard.append(flags & 31)
        if keyboard.count > 16 { keyboard.removeFirst() }
    }

    /// `CSI < count u`
    mutating func popKeyboard(_ count: Int) { keyboard.removeLast(min(count, keyboard.count)) }

    /// `CSI = flags ; how u`
    mutating func setKeyboard(_ flags: Int, how: Int) {
        let old = keyboard.popLast() ?? 0
        let new = how == 2 ? old | flags : how == 3 ? old & ~flags : flags
        keyboard.append(new & 31)
    }
}
