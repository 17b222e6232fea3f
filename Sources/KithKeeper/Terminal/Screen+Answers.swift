/// What a terminal without a window answers, while no window is there to do it.
extension Screen {
    /// The answer to `query`; empty where only a window could know.
    ///
    /// The colours are those of a dark terminal; titles and the clipboard are never told.
    func answer(_ query: Query) -> [UInt8] { Array(text(query).utf8) }

    private func text(_ query: Query) -> String {
        switch query {
        case .attributes: "\u{1b}[?62;22c"
        case .moreAttributes: "\u{1b}[>1;10;0c"
        case .unitID: "\u{1b}P!|00000000\u{1b}\\"
        case .status: "\u{1b}[0n"
        case .cursor(let isExtended): "\u{1b}[\(isExtended ? "?" : "")\(reportedCursor)R"
        case .mode(let number, let isPrivate, let state): "\u{1b}[\(isPrivate ? "?" : "")\(number);\(state)$y"
        case .size: "\u{1b}[8;\(size.rows);\(size.columns)t"
        case .version: "\u{1b}P>|kith\u{1b}\\"
        case .colour(10), .colour(12): "\u{1b}]\(query == .colour(10) ? 10 : 12);rgb:ffff/ffff/ffff\u{1b}\\"
        case .colour(let number): "\u{1b}]\(number);rgb:0000/0000/0000\u{1b}\\"
        case .setting: "\u{1b}P0$r\u{1b}\\"
        case .capability: "\u{1b}P0+r\u{1b}\\"
        case .other: ""
        }
    }

    private var reportedCursor: String {
        let place = canvas.cursor
        let top = modes[6] ? margins.lowerBound : 0
        return "\(place.row - top + 1);\(place.column + 1)"
    }
}
