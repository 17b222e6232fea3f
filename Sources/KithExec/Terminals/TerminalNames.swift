import KithAPI

/// What terminals are called, and which was used last.
actor TerminalNames {
    /// Names of terminals that are being opened.
    private var taken: Set<String> = []
    /// Terminals in the order of their use, the last one at the end.
    private var order: [JobID] = []

    /// How many uses are remembered.
    private static let orderLimit = 1000

    /// Takes a name that none of `others` has: the one that is wanted, or the smallest free number.
    ///
    /// - Throws: ``KithError`` `conflict`.
    func take(_ wanted: String?, besides others: [String]) throws(KithError) -> String {
        let used = taken.union(others)
        if let wanted, used.contains(wanted) {
            throw KithError(
                .conflict, "There is a terminal `\(wanted)` already.", hint: "Join it: `kith shell attach \(wanted)`.")
        }
        var number = 1
        while wanted == nil, used.contains("\(number)") { number += 1 }
        let name = wanted ?? "\(number)"
        taken.insert(name)
        return name
    }

    /// The terminal stands in the list of jobs, or was not opened.
    func giveBack(_ name: String?) { if let name { taken.remove(name) } }

    /// Somebody joined it.
    func used(_ id: JobID) {
        order.removeAll { $0 == id }
        order.append(id)
        if order.count > Self.orderLimit { order.removeFirst() }
    }

    /// The one of `candidates` that was used last since this daemon began.
    func last(of candidates: [JobID]) -> JobID? { order.last(where: candidates.contains) }

    /// - Throws: ``KithError`` `request.invalid`.
    static func check(_ name: String) throws(KithError) {
        let isPlain = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [46, 45, 95].contains(byte)
        }
        guard (1...63).contains(name.utf8.count), isPlain, !name.hasPrefix("-") else {
            throw KithError(
                .requestInvalid, "A terminal cannot be called `\(name)`.",
                hint: "Use 1 to 63 letters, digits, `_`, `-` and `.`, and no `-` first.")
        }
    }
}
